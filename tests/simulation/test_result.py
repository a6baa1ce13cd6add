"""Reading an ensemble back by name."""

import numpy as np
import pytest

import toy_study
from khingan.errors import KhinganError
from khingan.simulation.result import Result
from khingan.simulation.run import run
from khingan.simulation.settings import Settings


@pytest.fixture
def result(toy, tmp_path):
    return run(toy, runs=60, seed=1, out=tmp_path / "s")


def test_it_names_itself_in_one_line(result):
    assert repr(result).startswith("Result(toy, 60 runs, seed 1, ")


def test_names_and_days_are_the_campaigns(result):
    assert result.names("formation") == ["su-1", "jp-1"]
    assert result.days().tolist() == [1, 2]
    # Eight steps of six hours.
    assert result.horizon_h == 48
    assert result.dataset["step_end_h"].values.tolist() == [6, 12, 18, 24, 30, 36, 42, 48]


def test_the_median_of_a_cell_that_never_fell_is_never(result):
    # Seed 1: run r takes cell 1 at hour 1 + r; the median of 1..60 is 30.5.
    np.testing.assert_array_equal(result.median_control(), [0, 30.5, np.nan])


def test_the_first_of_several_lifts_counts(result):
    assert result.landed(["ferry", "raft"]).tolist() == [toy_study.hour(1, number) for number in range(60)]
    assert np.isnan(result.landed(["ferry"])).all()


def test_an_unknown_name_offers_near_ones(result):
    with pytest.raises(KhinganError, match="did you mean fort"):
        result.works_fall("forts")


def test_a_folder_that_is_no_study_is_a_clear_error(tmp_path):
    with pytest.raises(KhinganError, match=r"study\.json is missing"):
        Result.open(tmp_path)


def test_settings_refuse_words_and_numbers_they_do_not_know():
    with pytest.raises(KhinganError, match="use posterior or prior or median"):
        Settings(parameters="mode")  # type: ignore[arg-type]
    with pytest.raises(KhinganError, match="finite"):
        Settings(pinned={"a": float("nan")})
