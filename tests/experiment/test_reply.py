"""The attacker's answer: he takes what pays best, only where a factor that he answers is away, and his plan else."""

from dataclasses import replace

import numpy as np
import pytest

from khingan.errors import KhinganError
from khingan.experiment.attribution import Question, attribute
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.reply import Replies, replies_of
from khingan.experiment.solve import Strategy, read_game
from worlds import far_east


@pytest.fixture
def question(scenario):
    """Mass is answered; the option is to leave half the division at home, which is never better."""
    repertoire = read_repertoire(scenario)
    mass = repertoire.factor("mass").model_copy(update={"answered": "size"})
    options = (Strategy("all", ()), Strategy("half", ("small-division",)))
    replies = Replies(options, 0, repertoire.measured(["days-to-bridge"]), sign=-1.0)
    factors = (mass, repertoire.factor("no-surprise"))
    return Question(scenario, repertoire, factors, repertoire.measured(["irrecoverable-jp"]), replies=replies)


def test_the_best_mean_is_taken_and_the_plan_among_equals():
    # Judged by the last column: means 1 and 3 days; who wants less takes the first, who wants more the second.
    played = {0: np.array([[9.0, 1.0], [9.0, 1.0]]), 1: np.array([[0.0, 2.0], [0.0, 4.0]])}
    sooner = Replies((Strategy("a", ()), Strategy("b", ())), 0, sign=-1.0)
    assert (sooner.best(played), replace(sooner, sign=1.0).best(played)) == (0, 1)
    assert replace(sooner, historical=1).best({0: played[0], 1: played[0]}) == 1


def test_he_answers_only_where_the_factor_is_away(question):
    # Bit 0 is mass: away in combinations 0 and 2.
    assert [question.is_answered(cell) for cell in range(4)] == [True, False, True, False]


def test_the_shares_add_up_and_the_answers_are_told(question, tmp_path):
    (found,) = attribute(question, tmp_path / "out", least=6, most=6, workers=1)
    assert sum(share.share for share in found.shares) == pytest.approx(found.difference)
    assert (found.attacker, [reply.off for reply in found.replies]) == (
        "adapting", [("mass", "no-surprise"), ("mass",)],
    )  # fmt: skip


def test_an_answer_that_is_the_plan_changes_nothing(question, tmp_path):
    # Without mass the division is halved whatever he takes, so both options play the same war.
    frozen = Question(question.scenario, question.repertoire, question.factors, question.measures)
    (stays,) = attribute(frozen, tmp_path / "frozen", least=6, most=6, workers=1)
    (adapts,) = attribute(question, tmp_path / "adapts", least=6, most=6, workers=1)
    assert stays == replace(adapts, attacker="frozen", replies=())


def test_a_game_without_the_choice_and_factors_without_an_answer_are_told():
    repertoire = read_repertoire(far_east())
    game = read_game(far_east(), repertoire)
    with pytest.raises(KhinganError, match="answer to none"):
        replies_of(game, repertoire, [repertoire.factor("quality")])
    with pytest.raises(KhinganError, match="no choice of the attacker"):
        replies_of(game, repertoire, [repertoire.factor("quality").model_copy(update={"answered": "axes"})])
    found = replies_of(game, repertoire, [repertoire.factor("surprise_direction")])
    assert [option.name for option in found.options] == ["west", "east", "split", "north"]
