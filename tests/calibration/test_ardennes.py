"""A battle by day: the rules by hand on a table whose answer is known, and the real one where it is present."""

from pathlib import Path

import pytest

from khingan.calibration.ardennes import FIELDS, SIDES, forecast_by_day
from khingan.errors import CampaignError, KhinganError

NAMES = [f"{side}_{field}" for side in SIDES for field in FIELDS]
SHARED = Path(__file__).parents[3] / "shared" / "battles" / "ardennes_daily.csv"


def written(folder: Path, losses: list[float], names: list[str] = NAMES) -> Path:
    """Both sides 100,000 men without tanks and guns, losing these numbers by day."""
    path = folder / "days.csv"
    lines = [",".join(names)] + [",".join(["100000", str(lost), "0", "0"] * 2) for lost in losses]
    path.write_text("\n".join(lines))
    return path


def test_even_sides_with_constant_losses_are_forecast_exactly(tmp_path: Path) -> None:
    # Equal power and equal losses every day: every rule says the same number, and it is right.
    found = forecast_by_day(written(tmp_path, [500.0] * 10))["ln_mae"]
    for errors in found.values():
        assert errors == {"allied": pytest.approx(0.0), "german": pytest.approx(0.0)}


def test_yesterday_is_off_by_the_change(tmp_path: Path) -> None:
    # Losses double in the second half once: one of five days is off by ln 2 for yesterday, all five for a law.
    found = forecast_by_day(written(tmp_path, [500.0] * 5 + [1000.0] * 5))["ln_mae"]
    assert found["yesterday's losses"]["allied"] == pytest.approx(0.6931 / 5, abs=1e-4)
    assert found["square law"]["allied"] == pytest.approx(0.6931, abs=1e-4)


def test_rubbish_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(CampaignError, match="column 'german_tanks' is missing"):
        forecast_by_day(written(tmp_path, [500.0] * 10, [name for name in NAMES if name != "german_tanks"] + ["x"]))
    with pytest.raises(KhinganError, match="3 days with losses on both sides"):
        forecast_by_day(written(tmp_path, [500.0] * 3))


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_file(), reason=f"the table is not here ({SHARED}); it is not ours to ship")
def test_in_the_ardennes_no_law_beats_yesterday_on_the_german_side() -> None:
    # Lucas and Turkes (2003) found the likelihood of every law flat on this battle.
    found = forecast_by_day(SHARED)["ln_mae"]
    laws = [found[name]["german"] for name in ("square law", "linear law", "logarithmic law", "khingan")]
    assert found["yesterday's losses"]["german"] < min(laws)
