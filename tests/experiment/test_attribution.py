"""Attribution: known causes get their known shares, the factorial resumes, and runs grow until the answer is narrow."""

import numpy as np
import pytest

from khingan.errors import CampaignError, KhinganError
from khingan.experiment import attribution
from khingan.experiment.attribution import Attribution, Question, Share, attribute, attribute_values, grown
from khingan.experiment.repertoire import read_repertoire
from khingan.simulation.run import Stopped
from toy import change


@pytest.fixture
def question(scenario):
    """How much of the toy's outcome is due to mass, how much to surprise?"""
    repertoire = read_repertoire(scenario)
    factors = (repertoire.factor("mass"), repertoire.factor("no-surprise"))
    return Question(scenario, repertoire, factors, repertoire.measured(["days-to-bridge", "irrecoverable-jp"]))


def a_or_b_and_c(runs, noise):
    """T30 run by run, with noise that all combinations share and that therefore must not move any share."""
    rule = np.array([float((s & 1) or (s >> 1 & 1 and s >> 2 & 1)) for s in range(8)])
    return rule[:, None] + noise * np.random.default_rng(3).normal(size=runs)


def test_known_causes_get_their_known_shares():
    found = attribute_values(["a", "b", "c"], "outcome", "1", a_or_b_and_c(40, noise=5.0))
    assert [share.share for share in found.shares] == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert [share.high - share.low for share in found.shares] == pytest.approx([0, 0, 0])
    assert (found.difference, found.reached) == (pytest.approx(1.0), True)
    # a makes b and c superfluous; b and c need each other.
    assert [pair.value for pair in found.interactions] == pytest.approx([-0.5, -0.5, 0.5])


def test_a_yes_or_no_outcome_has_necessity_and_sufficiency():
    found = attribute_values(["a", "b", "c"], "outcome", "share", a_or_b_and_c(40, noise=0.0))
    assert found.shares[0].causation.necessity_bounds == (0.0, 0.0), "b and c alone would have done it"
    assert attribute_values(["a"], "x", "days", np.array([[1.5], [2.5]])).shares[0].causation is None


def test_rounding_is_no_effect():
    # Ten factors, none of which does anything: thirds and ninths must not add up to something.
    found = attribute_values(list("abcdefghij"), "outcome", "1", np.full((1024, 5), 0.1))
    assert all((share.share, share.low, share.high) == (0.0, 0.0, 0.0) for share in found.shares)


def test_the_shares_of_a_campaign_add_up(question, tmp_path):
    for found in attribute(question, tmp_path / "out", least=6, most=6):
        assert sum(share.share for share in found.shares) == pytest.approx(found.factual - found.counterfactual)
        assert found.runs == 6


def test_finished_chunks_are_not_played_again(question, tmp_path, monkeypatch):
    first = attribute(question, tmp_path / "out", least=4, most=4)
    (tmp_path / "out" / "cell-0002-runs-000000-004.npy").unlink()
    played = []
    whole = attribution.Ground.arm
    monkeypatch.setattr(attribution.Ground, "arm", lambda ground, changes: played.append(1) or whole(ground, changes))
    assert attribute(question, tmp_path / "out", least=4, most=4) == first
    assert len(played) == 2, "one arm tries all changes together, one plays what was missing"


def test_ctrl_c_keeps_what_is_finished_and_the_same_call_goes_on(question, tmp_path, monkeypatch):
    whole = attribution.Ground.arm

    def stopped(ground, changes):
        if [change.name for change in changes] == ["no-surprise"]:
            raise KeyboardInterrupt
        return whole(ground, changes)

    monkeypatch.setattr(attribution.Ground, "arm", stopped)
    with pytest.raises(Stopped, match="repeat the command with --out"):
        attribute(question, tmp_path / "out", least=4, most=4, workers=1)
    monkeypatch.setattr(attribution.Ground, "arm", whole)
    assert (tmp_path / "out" / "cell-0000-runs-000000-004.npy").is_file()
    assert attribute(question, tmp_path / "out", least=4, most=4) == attribute(
        question, tmp_path / "other", least=4, most=4
    )


def test_another_question_does_not_touch_the_folder(question, scenario, tmp_path):
    attribute(question, tmp_path / "out", least=2, most=2)
    other = Question(scenario, question.repertoire, question.factors[:1], question.measures)
    with pytest.raises(KhinganError, match="holds another attribution: factors differ"):
        attribute(other, tmp_path / "out", least=2, most=2)


def test_runs_grow_with_the_square_of_the_width_and_stop_at_the_limit():
    # The leading interval is 0.1 of the difference, twice what is wanted: 1.1 * 4 times the runs, at most fourfold.
    share = Share("a", 10.0, 9.5, 10.5)
    found = Attribution("m", "days", 10.0, 0.0, 10.0, 100, False, (share,), ())
    assert grown([found], most=1000) == 400
    assert grown([found], most=250) == 250
    assert grown([Attribution("m", "days", 10.0, 0.0, 10.0, 100, True, (share,), ())], most=1000) == 100


def test_contradicting_factors_are_refused_before_anything_is_played(scenario, folder, tmp_path):
    more = "  whole-division:\n    what: x.\n    author: me\n    grade: C\n    edit:\n" + (
        "      - {table: formations, where: {formation: su-division}, to: {men: 9000}}\n"
    )
    change(folder, "changes.yaml", "measures:", more + "measures:")
    repertoire = read_repertoire(scenario)
    factors = (repertoire.factor("mass"), repertoire.factor("whole-division"))
    with pytest.raises(CampaignError, match="set also by"):
        attribute(Question(scenario, repertoire, factors, repertoire.measured(["days-to-bridge"])), tmp_path / "out")


def test_factors_are_named_once(scenario):
    repertoire = read_repertoire(scenario)
    with pytest.raises(KhinganError, match="different factors"):
        Question(scenario, repertoire, (repertoire.factor("mass"),) * 2, repertoire.measured(()))
