"""Everything by keyboard: what Tab reaches, that its ring is seen, that nothing holds it fast."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_laboratory_in_browser import Laboratory, write_laboratory

# What has the focus: a name for it, whether it is in sight, and whether a ring is drawn about it.
FOCUSED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  const ringed = (of) => getComputedStyle(of).outlineStyle !== "none";
  return { tag: one.tagName,
    name: one.id || one.getAttribute("aria-label") || one.value || one.textContent.slice(0, 40),
    inside: box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    ringed: ringed(one) || (one.nextElementSibling !== null && ringed(one.nextElementSibling)) };
}"""
MOST = 400


def walked(page: Any, key: str = "Tab") -> list[dict[str, Any]]:
    """Every stop until the focus leaves the page or comes round."""
    stops: list[dict[str, Any]] = []
    for _ in range(MOST):
        page.keyboard.press(key)
        stop = page.evaluate(FOCUSED)
        if stop["tag"] == "BODY" or (len(stops) > 2 and stop == stops[0]):
            return stops
        stops.append(stop)
    raise AssertionError(f"{key} never leaves: {stops[-3:]}")


def unseen(stops: list[dict[str, Any]]) -> list[str]:
    """Stops out of sight or without a ring."""
    return [str(stop["name"]) for stop in stops if not (stop["inside"] and stop["ringed"])]


@pytest.fixture
def page(browser: Any, page_file: Path) -> Iterator[Any]:
    """The page of a study at its map."""
    made = browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    made.goto(page_file.as_uri() + "#t=22")
    made.wait_for_selector("html[data-ready]", timeout=60_000)
    yield made
    made.close()


def test_tab_reaches_every_control_of_the_page_and_leaves_it(page: Any) -> None:
    """Forward as backward; the first stop is the link past the map."""
    stops = walked(page)
    names = [stop["name"] for stop in stops]
    assert names[0] == "Skip to the panels"
    wanted = {"find", "theme", "link", "ensemble", "one", "ground-control", "then", "now", "in", "out", "home",
              "play", "back", "forth", "when", "body"}  # fmt: skip
    assert wanted <= set(names)
    assert any(str(name).startswith("Map:") for name in names)
    assert unseen(stops) == []
    page.evaluate("() => document.activeElement.blur()")
    assert len(walked(page, "Shift+Tab")) >= len(wanted)


def test_the_first_link_leads_past_the_map(page: Any) -> None:
    """Enter on it, and the next Tab is in the panels; the state in the link of the page is not lost."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.querySelector('.side').contains(document.activeElement)")
    assert "panels" not in page.evaluate("() => location.hash")


def test_the_search_keeps_the_focus_until_escape_and_gives_it_back(page: Any) -> None:
    """A dialog is left by Escape alone, and the button that opened it has the focus again."""
    page.focus("#find")
    page.keyboard.press("Enter")
    page.keyboard.type("muk")
    inside = "() => document.activeElement === document.body || document.activeElement.closest('dialog')"
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(inside)
    page.keyboard.press("Escape")
    page.locator("dialog").wait_for(state="detached")  # the browser tells of the closing in a task of its own
    assert page.evaluate("() => document.activeElement.id") == "find"


def test_the_map_is_moved_and_read_by_keys(page: Any) -> None:
    """Plus and D change the view in the link, Enter says what the ground in the middle is, an arrow goes on in time."""
    page.focus(".map")
    for key in ("+", "d"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert page.locator(".tip").is_visible() or page.locator("#chosen .title").count() == 1
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert "v=" in page.evaluate("() => location.hash")
    assert "t=23" in page.evaluate("() => location.hash")


def test_layers_close_with_escape(page: Any) -> None:
    """And the focus is on what opened them."""
    page.focus(".layers summary")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".layers").get_attribute("open") is None
    assert page.evaluate("() => document.activeElement.textContent") == "Layers"


def test_what_is_chosen_by_key_leaves_the_focus_where_it_was(page: Any) -> None:
    """The panels are made anew with every choice; the row keeps the focus."""
    page.focus(".worst tbody button")
    name = page.evaluate("() => document.activeElement.textContent")
    page.keyboard.press("Enter")
    assert name in page.inner_text("#chosen h3")
    assert page.evaluate("() => document.activeElement.textContent") == name


@pytest.fixture
def laboratory(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A server of the toy campaign and its page."""
    served = Laboratory(*write_laboratory(tmp_path))
    made = browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    made.goto(served.address)
    made.wait_for_selector("html[data-ready]", timeout=60_000)
    made.served = served
    yield made
    made.close()
    if served.child.poll() is None:
        served.child.kill()


def test_tab_reaches_every_control_of_the_laboratory_and_leaves_it(laboratory: Any) -> None:
    """The link past the form, the modes, the changes, the run button."""
    stops = walked(laboratory)
    names = [stop["name"] for stop in stops]
    assert names[0] == "Skip to the answers"
    assert {"find", "small-division", "pairs", "seed", "name", "Run", "what-if"} <= set(names)
    assert unseen(stops) == []


def test_a_server_that_went_away_is_told_and_its_return_too(laboratory: Any) -> None:
    """While an answer is played the page holds a line to the server; cut, it says so, and says when it is back."""
    laboratory.route("**/api/events", lambda route: route.abort())
    laboratory.check("input[name=change][value=small-division]", force=True)
    laboratory.fill("#pairs", "10")
    laboratory.keyboard.press("Control+Enter")
    laboratory.locator("#status", has_text="does not answer").wait_for(timeout=60_000)
    laboratory.unroute("**/api/events")
    laboratory.locator("article[data-state=done]").wait_for(timeout=300_000)
    assert "does not answer" not in laboratory.inner_text("#status")


def test_without_the_script_of_the_maps_the_card_says_so(laboratory: Any) -> None:
    """The figures come all the same."""
    laboratory.route("**/maps.js", lambda route: route.abort())
    laboratory.reload()
    laboratory.wait_for_selector("html[data-ready]")
    laboratory.check("input[name=change][value=small-division]", force=True)
    laboratory.fill("#pairs", "10")
    laboratory.keyboard.press("Control+Enter")
    laboratory.locator("article[data-state=done] .unmapped").wait_for(timeout=300_000)
    assert "client was not built" in laboratory.inner_text(".unmapped")
    assert laboratory.locator("article table").count() == 1
