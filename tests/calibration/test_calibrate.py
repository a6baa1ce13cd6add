"""`khingan calibrate` on the toy campaign: what it writes, what it says, what it refuses."""

import json
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xarray
from click.testing import Result
from typer.testing import CliRunner

from khingan.calibration.keep import DATASET, RESULT
from khingan.cli import app
from khingan.evidence.parameters import read_parameters
from khingan.evidence.posterior import DRAWS
from toy import write_toy_campaign

COLUMNS = (
    "target,place,lat,lon,measure,group,phase,front,observed,precision_h,formation,fitted,planned_days,axis,grade,"
    "note\n"
)
TARGETS = COLUMNS + (
    "post,Post,45.0,131.2,control,border,combat,Toy Front,1945-08-09T18:00,6,,true,,east,A,\n"
    "bridge,Bridge,45.0,131.37,control,border,combat,Toy Front,1945-08-10T18:00,6,,true,,east,A,\n"
    "easton,Easton,45.0,131.55,control,border,combat,Toy Front,1945-08-11T06:00,6,,false,,east,A,\n"
    "landing,Landing,45.25,131.2,landing,border,combat,Toy Front,1945-08-09T18:00,6,,true,,river,A,\n"
)
LOSSES = "front,measure,low,best,high,grade,source,note\nToy Front,killed,50,100,300,B,handbook,\n"
RUNS = 250


def written(folder: Path) -> Path:
    campaign = write_toy_campaign(folder)
    (campaign / "history").mkdir()
    (campaign / "history" / "targets.csv").write_text(TARGETS, encoding="utf-8")
    (campaign / "history" / "losses.csv").write_text(LOSSES, encoding="utf-8")
    return campaign


def calibrate(*words: str) -> Result:
    return CliRunner().invoke(app, ["calibrate", *words])


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Result]:
    """The campaign, the folder of the fit, and what the command said."""
    folder = tmp_path_factory.mktemp("calibrate")
    campaign, out = written(folder / "toy"), folder / "fit"
    return campaign, out, calibrate(str(campaign), "--budget", str(RUNS), "--out", str(out), "--json")


def test_the_json_has_the_documented_fields(fitted: tuple[Path, Path, Result]) -> None:
    done = fitted[2]
    assert done.exit_code == 0, done.output
    result = json.loads(done.stdout)
    page = (Path(__file__).parents[2] / "docs" / "json.md").read_text(encoding="utf-8")
    part = page.split("## `khingan calibrate CAMPAIGN --json`")[1].split("\n## ")[0]
    first = re.findall(r"^\| (`[^|]+`) \|", part, re.MULTILINE)
    assert [word for cell in first for word in re.findall(r"`(\w+)`", cell)] == list(result)
    for table in ("parameters", "ranking", "summaries", "influence", "predictive"):
        for field in result[table][0]:
            assert f"`{field}`" in part, field
    assert result == json.loads((fitted[1] / RESULT).read_text(encoding="utf-8"))


def test_at_most_twelve_parameters_stay_in_their_priors(fitted: tuple[Path, Path, Result]) -> None:
    table = pq.read_table(fitted[1] / DRAWS)
    parameters = read_parameters()
    assert 1 <= len(table.column_names) <= 12
    for name in table.column_names:
        prior = parameters[name].prior
        least, most = prior.quantile(0.0013), prior.quantile(0.9987)
        values = table[name].to_numpy()
        assert least <= values.min() <= values.max() <= most, name


def test_the_dataset_has_the_groups_of_arviz(fitted: tuple[Path, Path, Result]) -> None:
    tree = xarray.open_datatree(fitted[1] / DATASET, engine="zarr", consolidated=False)
    assert set(tree.children) == {
        "posterior", "prior", "posterior_predictive", "prior_predictive", "observed_data",
    }  # fmt: skip
    assert {"chain", "draw"} <= set(tree["posterior"].to_dataset().sizes)
    assert set(tree["posterior"].data_vars) == set(tree["prior"].data_vars)
    predicted, observed = tree["posterior_predictive"]["date_h"], tree["observed_data"]["date_h"]
    assert predicted.dims == ("chain", "draw", "target")
    assert observed.sel(target="bridge") == 42.0


def test_arviz_reads_it(fitted: tuple[Path, Path, Result]) -> None:
    arviz = pytest.importorskip("arviz_base", reason="arviz-base is not installed")
    tree = xarray.open_datatree(fitted[1] / DATASET, engine="zarr", consolidated=False)
    drawn = arviz.extract(tree, group="posterior")
    assert drawn.sizes["sample"] == tree["posterior"].to_dataset().sizes["draw"]


def test_the_plots_show_every_parameter_and_figure(fitted: tuple[Path, Path, Result]) -> None:
    corner = (fitted[1] / "corner.svg").read_text(encoding="utf-8")
    for name in pq.read_table(fitted[1] / DRAWS).column_names:
        assert name in corner
    assert "bridge *" in (fitted[1] / "predictive.svg").read_text(encoding="utf-8")


def test_the_same_command_again_plays_nothing_and_says_the_same(fitted: tuple[Path, Path, Result]) -> None:
    campaign, out, done = fitted
    before = {path: path.stat().st_mtime_ns for path in (out / "table").iterdir()}
    again = calibrate(str(campaign), "--budget", str(RUNS), "--out", str(out), "--json", "--workers", "1")
    assert again.stdout == done.stdout
    assert {path: path.stat().st_mtime_ns for path in (out / "table").iterdir()} == before


def test_an_observed_date_is_no_part_of_the_table(fitted: tuple[Path, Path, Result], tmp_path: Path) -> None:
    """The table may be fitted anew when a date is read otherwise; only the fit changes."""
    campaign, out, done = fitted
    path = campaign / "history" / "targets.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("1945-08-10T18:00", "1945-08-11T00:00"), encoding="utf-8")
    again = calibrate(str(campaign), "--budget", str(RUNS), "--out", str(out), "--json")
    path.write_text(text, encoding="utf-8")
    before, after = (json.loads(answer.stdout)["summaries"][0] for answer in (done, again))
    assert after["observed"] - before["observed"] == pytest.approx(0.125)
    assert after["prior"]["median"] == pytest.approx(before["prior"]["median"], abs=0.3)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("far-east-1945", "--budget", "0"), "--budget | 0 is out of range"),
        (("far-east-1945", "--budget", "400", "--seed", "-1"), "--seed | -1 is out of range"),
        (("far-west-1945",), "no campaign of this name"),
    ],
)
def test_bad_input_is_told(words: tuple[str, ...], told: str) -> None:
    done = calibrate(*words)
    assert done.exit_code == 1
    assert told in done.stderr


def test_a_campaign_without_history_cannot_be_fitted(tmp_path: Path) -> None:
    done = calibrate(str(write_toy_campaign(tmp_path / "toy")))
    assert done.exit_code == 1
    assert "no history to lay the runs beside" in done.stderr


def test_a_history_with_nothing_to_fit_is_told(tmp_path: Path) -> None:
    campaign = written(tmp_path / "toy")
    text = (campaign / "history" / "targets.csv").read_text(encoding="utf-8")
    (campaign / "history" / "targets.csv").write_text(text.replace(",true,", ",false,"), encoding="utf-8")
    (campaign / "history" / "losses.csv").unlink()
    done = calibrate(str(campaign))
    assert done.exit_code == 1
    assert "nothing that parameters may be fitted to" in done.stderr


def test_a_foreign_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "fit" / "table").mkdir(parents=True)
    (tmp_path / "fit" / "table" / "letters.txt").write_text("dear")
    done = calibrate(str(written(tmp_path / "toy")), "--budget", "200", "--out", str(tmp_path / "fit"))
    assert done.exit_code == 1
    assert "not empty and no reference table" in done.stderr
    assert [path.name for path in (tmp_path / "fit" / "table").iterdir()] == ["letters.txt"]
