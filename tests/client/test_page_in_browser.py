"""The page in a real browser: every panel, the clock, the link, and what it says when its study is damaged."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from khingan.report import page as reporting


class Sight:
    """One open page, what it asked of the network, and what went wrong in it."""

    def __init__(self, browser: Any, path: Path, link: str = "", width: int = 1400, height: int = 900) -> None:
        self.asked: list[str] = []
        self.faults: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.goto(path.as_uri() + link)
        self.page.wait_for_selector("html[data-ready]", timeout=60_000)

    def text(self, selector: str) -> str:
        """What stands in the first element found."""
        return str(self.page.locator(selector).first.inner_text())

    def click(self, selector: str) -> None:
        """As a reader would."""
        self.page.locator(selector).first.click()

    def count(self, selector: str) -> int:
        """How many there are."""
        return int(self.page.locator(selector).count())

    def tinted(self) -> float:
        """A sum over the painted ground, which every tint makes smaller in green."""
        return float(
            self.page.evaluate(
                "() => { const c = document.querySelector('.base'); let sum = 0;"
                "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                "for (let k = 1; k < d.length; k += 4) sum += d[k]; return sum / d.length * 4; }"
            )
        )


def boxes(sight: Sight) -> dict[str, list[list[float]]]:
    """Left, top, width and height of every name and symbol on the map; a symbol 8 wide is a bare counter."""
    found: dict[str, list[list[float]]] = sight.page.evaluate("() => document.querySelector('.over').boxes()")
    return found


@pytest.fixture(scope="module")
def sight(browser: Any, page_file: Path) -> Iterator[Sight]:
    """The page at 14 August."""
    seen = Sight(browser, page_file, "#t=22")
    yield seen
    seen.page.close()


def test_it_opens_from_a_file_and_asks_nothing_of_any_network(sight: Sight) -> None:
    """The file itself and what it carries inside are all that is fetched; nothing fails."""
    assert [url for url in sight.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert sight.faults == []


def test_the_policy_refuses_everything_from_outside(template: str) -> None:
    """No source but the page itself, its styles and what it carries as data."""
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', template)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert not re.search(r"https?:|\*|unsafe-eval", policy[1])


def test_the_page_is_small(page_file: Path) -> None:
    """The limit is 3 MB for 1,000 runs; the page keeps 80 of them, so here at least the rest must be far below."""
    assert page_file.stat().st_size < 2_000_000


def test_the_clock_goes_by_slider_key_and_button(sight: Sight) -> None:
    """Step 22 ends on 14 August at 12:00; a key is six hours, with shift a day."""
    assert sight.text(".date") == "Tue 14 August 1945"
    sight.page.locator("#when").focus()
    sight.page.keyboard.press("Shift+ArrowRight")
    assert sight.text(".date") == "Wed 15 August 1945"
    sight.click("#back")
    assert "06:00" in sight.text(".clock")
    sight.page.keyboard.press("Home")
    assert sight.text(".date") == "Thu 9 August 1945"
    assert sight.page.locator("#when").get_attribute("aria-valuetext") == "Thu 9 August 1945, 00:00"


def test_play_moves_the_clock_and_stops(sight: Sight) -> None:
    """With reduced motion it goes a day at a time."""
    sight.page.keyboard.press("Home")
    sight.click("#play")
    sight.page.locator(".date", has_text="Fri 10 August").wait_for(timeout=10_000)
    sight.click("#play")
    assert sight.page.locator("#play").get_attribute("aria-label") == "Play"


def test_control_grows_with_the_clock_and_goes_back(sight: Sight) -> None:
    """Going to the end darkens the defender's ground; coming back restores every pixel."""
    sight.page.wait_for_selector("html[data-fine]")
    sight.page.keyboard.press("Home")
    before = sight.tinted()
    sight.page.keyboard.press("End")
    after = sight.tinted()
    sight.page.keyboard.press("Home")
    assert after < before - 1
    assert sight.tinted() == before


def test_four_fans_carry_history_where_it_is_known(sight: Sight) -> None:
    """Advance, losses and prisoners have a figure of history; of fuel none is recorded and the page says so."""
    for name in ("advance", "losses", "prisoners"):
        assert sight.count(f"#fan-{name} circle.history") >= 1, name
        assert sight.count(f"#fan-{name} .band80") == 1
    assert sight.count("#fan-fuel circle.history") == 0
    assert "no figure" in sight.text("#fan-fuel .note")


def test_fans_follow_the_army_asked_for(sight: Sight) -> None:
    """The picker changes the heading of the chart."""
    sight.page.locator("#body").select_option(label="5th Army")
    assert sight.text("#fan-advance figcaption b") == "5th Army"


def test_the_worst_row_leads_to_its_distribution(sight: Sight) -> None:
    """A click shows how many runs came when, with history as a line, and says the miss in words."""
    place = sight.text(".worst tbody tr th").split()[0]
    sight.click(".worst tbody tr")
    assert place in sight.text("#chosen h3")
    assert sight.count("#chosen .histogram .history-line") == 1
    assert "Rank of history" in sight.text("#chosen .rowsaid")


def test_find_leads_to_a_formation_with_its_evidence(sight: Sight) -> None:
    """Slash opens the search; what is chosen shows claim, grade, source and basis."""
    sight.page.keyboard.press("/")
    sight.page.locator("dialog input").fill("mukden")
    assert "Mukden" in sight.text("dialog li button")
    sight.page.locator("dialog input").fill("6th guards tank army")
    sight.page.keyboard.press("Enter")
    assert sight.text("#chosen h3") == "6th Guards Tank Army"
    assert sight.count("#chosen .claim .grade") >= 1
    assert re.search("consulted|recalled|estimated|derived", sight.text("#chosen .claim small"))
    sight.page.keyboard.press("Escape")
    assert sight.text("#chosen h3") == "Nothing chosen"


def test_a_symbol_on_the_map_can_be_clicked(sight: Sight) -> None:
    """The middle of a symbol's box names a formation."""
    box = next(b for b in boxes(sight)["units"] if b[2] != 8 and b[1] > 120 and 60 < b[0] < 500)
    sight.page.mouse.click(box[0] + box[2] / 2, 52 + box[1] + box[3] / 2)
    assert sight.text("#chosen h3") != "Nothing chosen"


def test_names_and_symbols_do_not_overlap(sight: Sight) -> None:
    """No two boxes have a point in common; bare counters, which mark a place and no more, are left out."""
    found = boxes(sight)
    stands = found["names"] + [[x + 2, y, w - 4, h - 1] for x, y, w, h in found["units"] if w != 8]
    assert len(stands) > 40
    for k, (x, y, w, h) in enumerate(stands):
        for left, top, wide, tall in stands[:k]:
            assert x + 0.01 >= left + wide or left + 0.01 >= x + w or y + 0.01 >= top + tall or top + 0.01 >= y + h


def test_no_name_or_symbol_hides_under_what_floats_over_the_map(sight: Sight) -> None:
    """Buttons, legend, inset and scale are boxes like any other; bare counters alone may lie under them."""
    floats = sight.page.evaluate(
        "() => [...document.querySelectorAll('.map > .legend, .map > .inset, .map > .zoom, .map > .scale')]"
        ".map((e) => e.getBoundingClientRect()).map((r) => [r.left, r.top - 52, r.width, r.height])"
    )
    assert len(floats) == 4
    found = boxes(sight)
    stands = found["names"] + [[x + 2, y, w - 4, h - 1] for x, y, w, h in found["units"] if w != 8]
    for x, y, w, h in stands:
        for left, top, wide, tall in floats:
            assert x >= left + wide or left >= x + w or y >= top + tall or top >= y + h


def test_the_chronicle_leads_to_moment_and_place(sight: Sight, data: dict[str, Any]) -> None:
    """Every statement has its entry; the landing at Shumshu is of 18 August."""
    sight.click("nav button[data-page=chronicle]")
    assert sight.count(".chronicle .statement") == len(data["statements"]) == 33
    sight.click("#claim-C33 .words")
    assert sight.text(".date") == "Sat 18 August 1945"
    assert "reading" in sight.text("#chosen .statement")


def test_the_comparison_has_every_row_with_its_nulls(sight: Sight, data: dict[str, Any]) -> None:
    """77 dated rows and the totals of men; three columns of nulls beside the score."""
    sight.click("nav button[data-page=comparison]")
    dated = sum(row["unit"] == "h" for row in data["rows"])
    assert sight.count(".comparison .wide:first-of-type tbody tr .null") >= 3 * dated == 3 * 77
    assert [sight.page.locator(".comparison thead").first.inner_text().split()[-3:]] == [
        ["Plan", "Calendar", "Distance"]
    ]
    sight.click("nav button[data-page=map]")
    assert sight.count(".fans .chart") == 4


def test_the_belief_of_each_headquarters_stands_beside_the_record(sight: Sight, data: dict[str, Any]) -> None:
    """Three headquarters; the main blow came over the Khingan, and one week of the axis of time is framed."""
    sight.click("nav button[data-page=belief]")
    assert sight.count("#observer option") == len(data["belief"]["observers"])
    assert "Khingan" in sight.text("#belief tr.came th")
    assert sight.count("#belief rect.came") == 1
    assert sight.count("#belief .record tbody tr") == len(data["belief"]["estimates"])
    sight.page.locator("#observer").select_option(label="4th Separate Army")
    assert "4th Separate Army" in sight.text("#belief h2")


def test_after_the_attack_belief_lags_behind_the_front(sight: Sight, data: dict[str, Any]) -> None:
    """Ground and the larger fronts; at no time is more known to be lost than is lost; the map shows both fronts."""
    assert np.all(np.array(data["heard"]["ground"]["believed"]) <= np.array(data["heard"]["ground"]["true"]))
    sight.click("nav button[data-page=belief]")
    assert sight.count("#after figure") >= 3
    sight.click("#believed-front")
    assert "ground=belief" in sight.page.evaluate(
        "() => new Promise((done) => setTimeout(() => done(location.hash), 300))"
    )
    assert sight.page.locator("#ground-belief").get_attribute("aria-pressed") == "true"
    sight.click("#ground-control")


def test_supply_grows_for_the_one_and_shrinks_for_the_other(browser: Any, page_file: Path) -> None:
    """The defender's blue takes red from the ground; losing reach he leaves it redder."""
    red = (
        "() => { const c = document.querySelector('.base'); let sum = 0;"
        "const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        "for (let k = 0; k < d.length; k += 4) sum += d[k] - d[k + 2]; return sum / d.length * 4; }"
    )
    seen = Sight(browser, page_file, "#t=0&ground=supply")
    seen.page.wait_for_selector("html[data-fine]")
    shown = []
    for key in ("Home", "End", "Home"):
        seen.page.keyboard.press(key)
        shown.append(float(seen.page.evaluate(red)))
    assert shown[0] == shown[2] < shown[1]
    assert "there and back" in seen.text(".legend")
    assert seen.faults == []
    seen.page.close()


def test_every_school_is_told_with_its_sources(sight: Sight) -> None:
    """Four schools, each with words and works of its own; the study of the fixture ends by the calendar."""
    sight.click("nav button[data-page=schools]")
    assert sight.count("#schools .school") == 4
    assert all(sight.page.locator(".school").nth(k).locator(".cited li").count() for k in range(4))
    assert "historical calendar" in sight.text("#schools .lead")
    sight.click("nav button[data-page=map]")


def test_names_of_then_and_now(sight: Sight) -> None:
    """The same town in the search under both names."""
    sight.click("#now")
    assert sight.page.locator("#now").get_attribute("aria-pressed") == "true"
    sight.click("#then")


def test_one_run_and_the_ensemble(sight: Sight) -> None:
    """A single run has a number; twelve may be looked at."""
    sight.click("#one")
    assert sight.count("#run option") == 12
    assert sight.page.locator("#run").is_visible()
    sight.click("#ensemble")
    assert not sight.page.locator("#run").is_visible()


def test_a_link_brings_back_the_view(browser: Any, page_file: Path) -> None:
    """Moment, theme, chosen place, page and map of the link; what it asks amiss is as by default."""
    seen = Sight(browser, page_file, "#t=48&theme=dark&sel=p0&names=now&v=0,0,0.08&run=999&body=-7")
    assert seen.text(".date") == "Tue 21 August 1945"
    assert seen.page.locator("html").get_attribute("data-theme") == "dark"
    assert seen.text("#chosen h3") == "Mukden"
    assert not seen.page.locator("#run").is_visible()
    seen.page.reload()
    seen.page.wait_for_selector("html[data-ready]")
    assert seen.text("#chosen h3") == "Mukden"
    assert seen.faults == []
    seen.page.close()


@pytest.mark.parametrize("width", [1400, 800, 390])
def test_nothing_sticks_out_sideways(browser: Any, page_file: Path, width: int) -> None:
    """No sideways scrolling of the page, at any width, on any of its views."""
    for link in ("#t=30", *(f"#t=30&page={page}" for page in ("chronicle", "comparison", "belief", "schools"))):
        seen = Sight(browser, page_file, link, width)
        assert seen.page.evaluate("() => document.documentElement.scrollWidth") <= width, link
        assert seen.faults == []
        seen.page.close()


def test_it_prints_light_and_without_controls(browser: Any, page_file: Path) -> None:
    """White paper, no buttons, charts and tables on it."""
    seen = Sight(browser, page_file, "#t=30&theme=dark")
    seen.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    seen.page.emulate_media(media="print")
    assert seen.page.locator("html").get_attribute("data-theme") == "light"
    assert not seen.page.locator("#play").is_visible()
    assert seen.page.locator(".fans .chart").first.is_visible()
    seen.page.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda data, template: template, "no study stands in this page"),
        (lambda data, template: reporting.filled(template, {**data, "blob": data["blob"][:500]}), "do not unpack"),
        (lambda data, template: reporting.filled(template, data).replace('"title":', '"title'), "cut off or changed"),
    ],
    ids=["empty", "cut", "changed"],
)  # fmt: skip
def test_a_damaged_page_says_so(
    browser: Any, data: dict[str, Any], template: str, tmp_path: Path, spoil: Any, said: str
) -> None:  # fmt: skip
    """In words and with the command that mends it, not as an empty window."""
    path = tmp_path / "broken.html"
    path.write_text(spoil(data, template), encoding="utf-8")
    seen = Sight(browser, path)
    assert said in seen.text("[role=alert]")
    assert "khingan report" in seen.text("[role=alert]")
    seen.page.close()


def test_a_campaign_without_history_has_a_page_too(
    browser: Any, scenario: Any, result: Any, template: str, tmp_path: Path
) -> None:  # fmt: skip
    """The map and the fans stand; the panels say that there is nothing to lay them beside."""
    path = tmp_path / "no-history.html"
    path.write_text(reporting.filled(template, reporting.page_data(result, scenario, None)), encoding="utf-8")
    seen = Sight(browser, path)
    assert "no dated events" in seen.text(".side")
    assert seen.count(".fans .chart") == 4
    assert seen.faults == []
    seen.page.close()
