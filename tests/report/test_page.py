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
from khingan.report.page import page, write_page


@pytest.fixture
def scenario(tmp_path: Path) -> SimpleNamespace:
    """The toy campaign in a folder of its own."""
    return toy_history.scenario(tmp_path)


def written(scenario: SimpleNamespace, **changes: np.ndarray) -> str:
    """The page of the toy campaign."""
    result = toy_history.result(**changes)
    return page(result, scenario, compare(result, scenario))


def arrays(text: str) -> dict[str, np.ndarray]:
    """The map's arrays as the page's own script would unpack them."""
    data = json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text, re.S)[1])
    raw, at, found = zlib.decompress(base64.b64decode(data["blob"])), 0, {}
    for name, kind, size in data["arrays"]:
        found[name] = np.frombuffer(raw, dtype=kind, count=size, offset=at)
        at += found[name].nbytes
    assert at == len(raw)
    return found


def test_the_page_asks_nothing_of_the_network(scenario: SimpleNamespace) -> None:
    """The policy refuses everything from outside, and there is no address to fetch."""
    text = written(scenario)
    assert "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:" in text
    assert not re.search(r"https?://|\bsrc=|\bhref=|@import|url\(|\bfetch\(|XMLHttp", text)


def test_words_of_the_campaign_are_escaped(scenario: SimpleNamespace) -> None:
    """A title may hold an angle bracket; it must arrive as text, in the page and inside the data."""
    text = written(scenario)
    assert "Toy &lt;war&gt;" in text
    assert "Toy <war>" not in text


def test_every_target_has_its_row_and_runs_and_seed_are_said(scenario: SimpleNamespace) -> None:
    """Six dated rows, two losses of men and one of tanks, each with one drawing; the study's facts stand at the top."""
    text = written(scenario)
    assert text.count('class="history"') == 9
    assert "60 runs · seed 1945" in text
    assert "What the model does worst" in text


def test_control_is_kept_as_three_hours_a_cell(scenario: SimpleNamespace) -> None:
    """Of 60 runs the 6th, 30th and 54th in order hold Near at 10, 50 and 90 %; nobody ever holds Isle: 255."""
    hours = np.full((60, 4), np.nan)
    hours[:, 0] = np.arange(60, 0, -1)
    control = arrays(written(scenario, first_control=hours))["control"].reshape(3, 4)
    assert control[:, 0].tolist() == [6, 30, 54]
    assert control[:, 3].tolist() == [255, 255, 255]


def test_outlines_have_as_many_points_as_they_say(scenario: SimpleNamespace) -> None:
    """Four hexagons, two numbers a vertex, all within 1,000 km of the map's origin, in tenths of a kilometre."""
    found = arrays(written(scenario))
    assert 2 * int(found["counts"].sum()) == len(found["outline"])
    assert abs(found["outline"]).max() < 10_000


def test_a_measured_spread_is_shown(scenario: SimpleNamespace) -> None:
    """Shares of the variance by their operation's name, in per cent."""
    result: Any = toy_history.result()
    text = page(result, scenario, compare(result, scenario), [Share("group", "north", 6, 1.5, 0.5, 0.2, 0.3)])
    assert re.search(r"Northern operation</td><td>6</td><td>1.5</td><td>50%</td><td>20%</td><td>30%", text)


def test_the_page_lands_whole_or_not_at_all(scenario: SimpleNamespace, tmp_path: Path) -> None:
    """Written beside and renamed; a folder that is not there is named."""
    result = toy_history.result()
    comparison = compare(result, scenario)
    write_page(result, scenario, comparison, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8").endswith("</html>\n")
    assert not list(tmp_path.glob("*.partial"))
    with pytest.raises(KhinganError, match="cannot be written"):
        write_page(result, scenario, comparison, tmp_path / "nowhere" / "report.html")
