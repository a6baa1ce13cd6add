"""A real browser and a page of the real campaign with made-up runs; without them the tests are skipped and say why."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pytest
import xarray
from scipy.spatial import cKDTree

from khingan.history.compare import compare
from khingan.report import page as reporting
from khingan.scenario.read import load
from khingan.simulation.reporting import PARAMETERS
from khingan.simulation.result import Result
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study
from toy_ensemble import result_of

RUNS = 24
KM_A_DEGREE = 111.0


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """The system's Chromium: its own download is not asked of anybody who runs the tests."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: pip install -e .[dev]")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def scenario() -> Any:
    """The campaign that ships with khingan."""
    return load("far-east-1945")


@pytest.fixture(scope="session")
def result(scenario: Any) -> Result:
    """Runs in which the front goes forward as a circle, faster in one run than in another; nobody moves."""
    calendar, cells = scenario.calendar, scenario.terrain.cells
    where = np.stack([cells["lat"], cells["lon"] * np.cos(np.radians(cells["lat"]))], axis=1)
    home = cells["owner"] == calendar.control_side
    away = cKDTree(where[home]).query(where)[0] * KM_A_DEGREE
    hours = away[None, :] / np.linspace(1.5, 0.6, RUNS)[:, None]
    horizon = calendar.steps * calendar.step_hours
    days, formations, armies = calendar.days, scenario.formations, scenario.armies
    number = {cell: k for k, cell in enumerate(cells["cell"].tolist())}
    own = [h3.latlng_to_cell(f.lat, f.lon, calendar.resolution) for f in formations]
    start = [-1 if f.off_map else number.get(cell, -1) for f, cell in zip(formations, own, strict=True)]
    by_army = np.cumsum(np.ones((RUNS, days, len(armies))), axis=1) * np.linspace(5, 50, RUNS)[:, None, None]
    by_formation = np.tile([f.men for f in formations], (RUNS, days, 1))
    ends = np.tile(np.linspace(150, 900, len(formations)), (RUNS, 1))
    arrays = {
        "first_control": (("cell",), np.where(home, 0, np.where(hours < horizon, hours, np.nan)).astype(np.float32)),
        "reach_from": (("cell",), np.where(home, 1, np.where(hours < 600, hours // 24 + 2, 0)).astype(np.int16)),
        "reach_to": (("cell",), np.where(home, 0, np.clip(hours // 24, 0, days)).astype(np.int16)),
        "draw": (("parameter",), np.tile([3.0, 2.0, 0.6, 36.0], (RUNS, 1)).astype(np.float32)),
        "works_fall": (("works",), np.tile(np.linspace(50, 800, len(scenario.works)), (RUNS, 1))),
        "capitulated": (("formation",), np.where(ends < horizon, ends, np.nan)),
        "halted_hours": (("army",), np.full((RUNS, len(armies)), 12.0)),
        "landed": (("lift",), np.full((RUNS, len(scenario.lifts)), 200.0)),
        "place": (("step", "formation"), np.tile(np.array(start, dtype=np.int16), (RUNS, calendar.steps, 1))),
        **dict.fromkeys(
            ("killed", "wounded", "captured", "prisoners", "sick", "died", "tanks_lost", "deserted"),
            (("day", "army"), by_army),
        ),
        **dict.fromkeys(("men", "tanks", "fuel"), (("day", "formation"), by_formation)),
    }
    dataset = xarray.Dataset(
        {name: (("run", *dims), values) for name, (dims, values) in arrays.items()},
        coords={
            "parameter": list(PARAMETERS), "day": np.arange(1, days + 1),
            "formation": [f.formation for f in formations], "army": [a.army for a in armies],
            "works": [w.works for w in scenario.works], "lift": [lift.lift for lift in scenario.lifts],
        },
        attrs={"h_hour": calendar.h_hour.isoformat(), "horizon_h": horizon},
    )  # fmt: skip
    study = Study("far-east-1945", "", scenario.fingerprint, 1945, Settings(), RUNS, "0", "", "", "")
    return result_of(study, dataset)


@pytest.fixture(scope="session")
def data(scenario: Any, result: Result) -> dict[str, Any]:
    """What the page of these runs holds."""
    return reporting.page_data(result, scenario, compare(result, scenario))


@pytest.fixture(scope="session")
def template() -> str:
    """The built client."""
    if not reporting.has_client():
        pytest.skip("the client is not built: pip install -e . where the npm registry can be reached")
    return reporting.client()


@pytest.fixture(scope="session")
def page_file(data: dict[str, Any], template: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on disk."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(reporting.filled(template, data), encoding="utf-8")
    return path
