"""Games whose solutions are known, and the campaign's game on a toy."""

from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from khingan.errors import CampaignError, KhinganError
from khingan.experiment import solve as game_of_campaign
from khingan.experiment.game import double_oracle, equilibrium, exploitability, resampled
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.solve import Contest, read_game, solve
from khingan.scenario.schema import Scenario

GAME = """\
what: The attacker comes with all or half his men; the defender is paid nothing for either choice of his.
measure: days-to-bridge
attacker_wants: less
attacker:
  mass: {options: {whole: [], half: [small-division]}, historical: whole}
defender:
  navy: {options: {as it was: []}, historical: as it was}
"""


def test_matching_pennies_is_even() -> None:
    """Each side plays heads half the time and the game is worth nothing (von Neumann 1928)."""
    found = equilibrium(np.array([[1, -1], [-1, 1]]))
    assert found.value == pytest.approx(0)
    assert found.attacker == pytest.approx([0.5, 0.5])
    assert found.defender == pytest.approx([0.5, 0.5])


def test_two_by_two_without_saddle_has_the_closed_form() -> None:
    """v = (ad - bc) / (a + d - b - c), the first row with (d - c) / (a + d - b - c): 4, 1; 2, 3 give 5/2 and 1/4."""
    found = equilibrium(np.array([[4, 1], [2, 3]]))
    assert found.value == pytest.approx(2.5)
    assert found.attacker == pytest.approx([0.25, 0.75])
    assert found.defender == pytest.approx([0.5, 0.5])


def inspection(stages: int, visits: int) -> float:
    """What the inspector expects with so many stages and visits left, solved stage by stage."""
    if visits == 0 or stages == visits:
        return -1.0 if visits == 0 else 0.0
    looks = [1.0, inspection(stages - 1, visits - 1)]  # the other breaks the treaty and is caught, or keeps it
    waits = [-1.0, inspection(stages - 1, visits)]
    return equilibrium(np.array([looks, waits])).value


def test_the_inspection_game_has_dreshers_value() -> None:
    """Dresher (1962), as in Avenhaus, von Stengel and Zamir (2002): -C(n-1, m) / sum of C(n, i), i = 0..m."""
    for stages, visits in ((2, 1), (5, 2), (7, 3)):
        closed = -comb(stages - 1, visits) / sum(comb(stages, i) for i in range(visits + 1))
        assert inspection(stages, visits) == pytest.approx(closed)


def test_blotto_of_five_against_four_on_two_hills() -> None:
    """Four regiments against three for two hills, a hill paying what it held and one: value 14/9 (Karlin 1959)."""
    own, other = [(k, 4 - k) for k in range(5)], [(k, 3 - k) for k in range(4)]

    def hill(a: int, b: int) -> int:
        return b + 1 if a > b else -(a + 1) if a < b else 0

    payoff = np.array([[sum(hill(a, b) for a, b in zip(x, y, strict=True)) for y in other] for x in own])
    assert equilibrium(payoff).value == pytest.approx(14 / 9)


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.integers(-9, 9)))
def test_neither_side_gains_by_leaving_the_equilibrium(payoff: np.ndarray) -> None:
    """The minimax theorem: no row pays more than the value against the mixture, no column less."""
    found = equilibrium(payoff)
    assert (payoff @ found.defender).max() == pytest.approx(found.value, abs=1e-6)
    assert (found.attacker @ payoff).min() == pytest.approx(found.value, abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(arrays(np.float64, st.tuples(st.integers(1, 7), st.integers(1, 7)), elements=st.integers(-9, 9)))
def test_the_double_oracle_finds_the_value_of_the_whole_matrix(payoff: np.ndarray) -> None:
    """McMahan and others (2003): best replies to parts end in an equilibrium of the whole."""
    found = double_oracle(lambda row, column: float(payoff[row, column]), *payoff.shape)
    assert found.equilibrium.value == pytest.approx(equilibrium(payoff).value, abs=1e-6)


def test_a_dominated_crowd_is_not_looked_up() -> None:
    """A saddle point in the corner of a 20 x 20 game is found from a row and a column, not from 400 entries."""
    payoff = np.add.outer(-np.arange(20.0), np.arange(20.0))
    found = double_oracle(lambda row, column: float(payoff[row, column]), 20, 20)
    assert (found.equilibrium.value, len(found.asked)) == (0, 39)


def test_exploitability_is_what_the_best_reply_gains() -> None:
    """At 4, 1; 2, 3 the first pair pays 4: the defender could have held it to 1, the attacker gains nothing."""
    found = exploitability(np.array([[4.0, 1], [2, 3]]), 0, 0)
    assert (found.attacker, found.defender) == (3, 0)


def test_resampling_keeps_entries_together() -> None:
    """What all entries share in a run moves every sample alike: differences between entries stay exact."""
    chance = np.random.default_rng(1)
    shared = chance.normal(size=200)
    payoffs = np.array([[[0.0], [1.0]], [[2.0], [3.0]]]) + shared
    drawn = resampled(payoffs, 50, 1945)
    assert drawn[:, 1, 1] - drawn[:, 0, 0] == pytest.approx(np.full(50, 3.0))


def test_a_matrix_that_is_none_is_refused() -> None:
    """Bad payoffs are an error with a remedy, not a solver's traceback."""
    for bad in (np.empty((0, 2)), np.array([[np.nan, 1.0]])):
        with pytest.raises(KhinganError, match="no matrix of finite numbers"):
            equilibrium(bad)


def test_the_game_of_a_campaign_is_played_and_kept(folder: Path, scenario: Scenario, tmp_path: Path) -> None:
    """Half the men never come sooner: the attacker brings all; a second call plays nothing and finds the same."""
    (folder / "game.yaml").write_text(GAME, encoding="utf-8")
    repertoire = read_repertoire(scenario)
    contest = Contest(scenario, repertoire, read_game(scenario, repertoire))
    found = solve(contest, tmp_path / "game", 20, 20)
    whole, half = (line[0] for line in found.payoff)
    assert whole <= half
    assert found.value.value == pytest.approx(min(whole, half))
    assert (found.entries, found.runs, found.exploitability_attacker.value) == (2, 20, 0)
    assert solve(contest, tmp_path / "game", 20, 20) == found


def test_all_faults_of_a_game_come_at_once(folder: Path, scenario: Scenario) -> None:
    """A measure, an option and a change that do not exist."""
    text = GAME.replace("days-to-bridge", "days-to-brigde").replace("historical: whole", "historical: hole")
    (folder / "game.yaml").write_text(text.replace("[small-division]", "[smal-division]"), encoding="utf-8")
    with pytest.raises(CampaignError) as error:
        read_game(scenario, read_repertoire(scenario))
    assert [word in str(error.value) for word in ("days-to-bridge", "'hole'", "smal-division")] == [True] * 3


def test_what_is_looked_up_next_is_told_ahead() -> None:
    """Every entry but the first is announced before it is asked for, so that entries can be played side by side."""
    payoff, announced = np.add.outer(-np.arange(6.0), np.arange(6.0)), {(0, 0)}

    def look(row: int, column: int) -> float:
        assert (row, column) in announced
        return float(payoff[row, column])

    double_oracle(look, 6, 6, ahead=announced.update)


def test_a_large_game_keeps_the_plan_of_a_defender_who_knows(
    folder: Path, scenario: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Played by best replies alone, a plan that answers nothing would be left out, and deception with it."""
    monkeypatch.setattr(game_of_campaign, "ORACLE_ABOVE", 0)
    text = GAME.replace("{as it was: []}", "{as it was: [], ashore: [no-landing]}") + "knowing: {navy: ashore}\n"
    (folder / "game.yaml").write_text(text, encoding="utf-8")
    repertoire = read_repertoire(scenario)
    contest = Contest(scenario, repertoire, read_game(scenario, repertoire))
    assert "historical_rule" in solve(contest, tmp_path / "game", 10, 10).deception
