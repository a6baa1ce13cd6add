"""The report page: complete in itself, and true to the comparison."""

import base64
import json
import re
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import toy_history
from khingan.errors import KhinganError
from khingan.history.compare import compare
from khingan.history.spread import Share
from khingan.report import page as reporting
from khingan.report.fans import SHARES, fan
from khingan.report.front import NEVER, quantile_units

TEMPLATE = '<title>__KHINGAN_TITLE__</title><script type="application/json">__KHINGAN_DATA__</script></html>\n'


@pytest.fixture
def scenario(tmp_path: Path) -> SimpleNamespace:
    """The toy campaign in a folder of its own."""
    return toy_history.scenario(tmp_path)


def written(scenario: Any, spread: Any = (), **changes: np.ndarray) -> dict[str, Any]:
    """The data of the toy campaign's page."""
    result: Any = toy_history.result(**changes)
    return reporting.page_data(result, scenario, compare(result, scenario), lambda: spread)


def arrays(data: dict[str, Any]) -> dict[str, np.ndarray]:
    """The page's arrays as its own script would unpack them."""
    raw, at, found = zlib.decompress(base64.b64decode(data["blob"])), 0, {}
    for name, kind, shape, steps in data["arrays"]:
        count, size = int(np.prod(shape)), np.dtype(kind).itemsize
        planes = np.frombuffer(raw, dtype=np.uint8, count=count * size, offset=at).reshape(size, count)
        array = np.ascontiguousarray(planes.T).view(kind).reshape(shape)
        found[name] = np.cumsum(array, axis=-1, dtype=kind) if steps else array
        at += count * size
    assert at == len(raw)
    return found


def test_words_of_the_campaign_cannot_leave_the_data(scenario: Any) -> None:
    """A title may hold an angle bracket; it is escaped in the title and inside the script element."""
    text = reporting.filled(TEMPLATE, written(scenario))
    assert "<title>Toy &lt;war&gt;</title>" in text
    assert "Toy <war>" not in text
    inside = re.search(r'json">(.*?)</script>', text, re.S)
    assert inside is not None
    assert json.loads(inside[1])["title"] == "Toy <war>"


def test_every_row_is_there_and_the_worst_comes_first(scenario: Any) -> None:
    """Six dated rows, then totals; what lies outside its interval stands before what lies inside."""
    rows = written(scenario)["rows"]
    assert [row["unit"] == "h" for row in rows][:7] == [True] * 6 + [False]
    inside = [row["inside"] for row in rows if row["unit"] == "h"]
    assert inside == sorted(inside)


def test_control_is_kept_as_three_hours_a_cell(scenario: Any) -> None:
    """Of 60 runs the 6th, 30th and 54th in order hold Near at 10, 50 and 90 %; nobody ever holds Isle: 255."""
    hours = np.full((60, 4), np.nan)
    hours[:, 0] = np.arange(60, 0, -1)
    control = arrays(written(scenario, first_control=hours))["control"]
    assert control[:, 0].tolist() == [6, 30, 54]
    assert control[:, 3].tolist() == [255, 255, 255]


def test_a_place_knows_in_which_step_each_run_took_it(scenario: Any) -> None:
    """An hour of 6 ends the first step, 7 falls into the second; a run that never came is counted last."""
    hours = np.full((60, 4), np.nan)
    hours[:20, 0], hours[20:30, 0] = 6, 7
    by_place = arrays(written(scenario, first_control=hours))["by_place"][0]
    assert by_place[[0, 1, 40]].tolist() == [20, 10, 30]
    assert by_place.sum() == 60


def test_fans_are_quantiles_of_the_sums(scenario: Any) -> None:
    """Each side has one army here, so the median of its prisoners is the median of that army's."""
    result: Any = toy_history.result()
    data = reporting.page_data(result, scenario, compare(result, scenario))
    taken = arrays(data)["losses"][data["losses"].index("captured")]
    side = next(k for k, body in enumerate(data["bodies"]) if body["kind"] == "side" and body["key"] == "JP")
    assert taken[side, 2] == pytest.approx(np.median(result.values("captured")[:, :, 1], axis=0))


def test_shares_of_runs_hold_a_cell_in_whole_units_of_time() -> None:
    """Of ten runs one holds it by hour 1, five by hour 5, and two never: in units of 3 hours 1, 2 and never."""
    hours = np.array([1, 2, 3, 4, 5, 6, 7, 8, np.nan, np.nan], np.float32)[::-1, None]
    assert quantile_units(hours, 3)[:, 0].tolist() == [1, 2, NEVER]


def test_fans_interpolate_between_runs_as_numpy_does() -> None:
    """A fan is numpy's quantile; a day of which a run knows nothing has none."""
    values = np.array([[5.0, 1.0, 4.0, 2.0], [1.0, np.nan, 2.0, 3.0]])
    np.testing.assert_allclose(fan(values), np.quantile(values, SHARES, axis=1))


def test_the_page_says_from_how_many_runs_its_pictures_are_drawn() -> None:
    """Up to 300 runs all are drawn, so there is nothing to say."""
    assert reporting.sampled(300) == ""
    assert "first 300 runs" in reporting.sampled(1000)
    assert "losses from the first 1,000" in reporting.sampled(10_000)


def test_a_published_total_stands_at_its_body(scenario: Any) -> None:
    """The toy's losses are of the front named First."""
    bodies = {body["key"]: body for body in written(scenario)["bodies"] if body["kind"] == "front"}
    assert bodies["First"]["totals"]["irrecoverable_losses"] == [80, 100, 120]


def test_a_statement_is_linked_to_its_moment_and_place(scenario: Any) -> None:
    """11 August is two days after H-hour, and the statement names Middle."""
    statement = written(scenario)["statements"][0]
    assert statement["hours"] == [48, 48]
    assert statement["places"] == ["Middle"]


def test_what_a_formation_rests_on_leads_to_its_source(scenario: Any) -> None:
    """Formation, claim, source: no link of the chain is missing."""
    data = written(scenario)
    claim = data["formations"][0]["claims"][0][1]
    assert data["sources"][data["claims"][claim][5]][0] == "A toy's book"


def test_a_measured_spread_is_shown(scenario: Any) -> None:
    """Shares of the variance by their operation's key."""
    width = written(scenario, [Share("group", "north", 6, 1.5, 0.5, 0.2, 0.3)])["width"]
    assert width == [
        {"by": "group", "key": "north", "targets": 6, "sd": 1.5, "luck": 0.5, "claims": 0.2, "parameters": 0.3}
    ]


def test_without_history_there_is_still_a_page(scenario: Any) -> None:
    """Nothing to lay the runs beside: no rows, and everything else."""
    data = reporting.page_data(toy_history.result(), scenario, None)
    assert data["rows"] == []
    assert len(data["places"]) == 4


def test_the_page_lands_whole_or_not_at_all(scenario: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Written beside and renamed; a folder that is not there is named."""
    monkeypatch.setattr(reporting, "client", lambda: TEMPLATE)
    result: Any = toy_history.result()
    comparison = compare(result, scenario)
    reporting.write_page(result, scenario, comparison, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert not list(tmp_path.glob("*.partial"))
    with pytest.raises(KhinganError, match="cannot be written"):
        reporting.write_page(result, scenario, comparison, tmp_path / "nowhere" / "report.html")


def test_without_a_built_client_the_page_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed and what to do, not a missing file."""
    monkeypatch.setattr(reporting, "CLIENT", "client/not-there.html")
    assert not reporting.has_client()
    with pytest.raises(KhinganError, match="was not built"):
        reporting.client()
