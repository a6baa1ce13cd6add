"""The laboratory as its user has it: the real command, the real player, a real browser."""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from khingan.simulation.settings import Settings
from khingan.simulation.study import Study
from toy import SMALL_DIVISION, write_toy_campaign

SERVE = "from khingan.cli import main; main()"
PLAYED_MS = 300_000  # the engine may have to be compiled


def heed_interrupts() -> None:
    """Let Ctrl-C do what it does."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Laboratory:
    """A server of the toy campaign in a process of its own."""

    def __init__(self, campaign: Path, studies: Path) -> None:
        words = [sys.executable, "-c", SERVE, "serve", str(campaign), "--port", "0", "--studies", str(studies)]
        # Whoever starts the tests in the background has Ctrl-C ignored, and children inherit that.
        self.child = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, preexec_fn=heed_interrupts)
        assert self.child.stderr is not None
        said = self.child.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert found, said
        self.address = found[0]

    def stop(self) -> int:
        """Ctrl-C; the exit status."""
        self.child.send_signal(signal.SIGINT)
        return self.child.wait(20)


def write_laboratory(folder: Path) -> tuple[Path, Path]:
    """The toy campaign and a folder for its studies."""
    campaign = write_toy_campaign(folder / "campaign")
    (campaign / "changes.yaml").write_text(SMALL_DIVISION, encoding="utf-8")
    return campaign, campaign.parent / "studies"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Of all the tests of this file."""
    return write_laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.fixture
def laboratory(folders: tuple[Path, Path], browser: Any) -> Iterator[Laboratory]:
    """A running server."""
    made = Laboratory(*folders)
    yield made
    if made.child.poll() is None:
        made.child.kill()


@pytest.fixture
def sight(browser: Any, laboratory: Laboratory) -> Iterator[Any]:
    """Its page, with every fault and every request noted."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.faults, page.asked = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
    page.goto(laboratory.address)
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    yield page
    assert page.faults == []
    assert [url for url in page.asked if not url.startswith((laboratory.address, "data:"))] == []
    page.close()


def test_a_question_is_asked_by_keyboard_and_outlives_reload_and_restart(sight, laboratory, folders, browser):
    sight.keyboard.press("/")
    sight.keyboard.type("half its men")
    assert sight.locator("#changes label:visible").count() == 1
    sight.keyboard.press("Tab")
    sight.wait_for_timeout(50)
    if sight.evaluate("document.activeElement.name") != "change":  # the list itself may take the focus, to be scrolled
        sight.keyboard.press("Tab")
    sight.keyboard.press("Space")
    sight.fill("#pairs", "12")
    sight.keyboard.press("Control+Enter")
    sight.wait_for_selector("article[data-state=done] table", timeout=PLAYED_MS)
    shown = sight.inner_text("#answers")
    assert "12 of 12 pairs" in shown
    assert "half its men" in shown
    assert sight.locator("#answers td svg[role=img]").count() > 2
    sight.reload()
    sight.wait_for_selector("article[data-state=done] table")
    sight.wait_for_load_state("networkidle")  # its maps have come
    assert laboratory.stop() == 130  # the status of every command that Ctrl-C ended
    again = Laboratory(*folders)
    try:
        page = browser.new_page()
        page.goto(again.address)
        page.wait_for_selector("article[data-state=done] table", timeout=60_000)
        page.close()
    finally:
        again.stop()


INKED = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, k) => (sum * 31 + value * (k % 97)) % 1000003, 7);
}"""


def with_maps(sight):
    """The card of ten pairs, asked by keyboard, once its three maps are drawn."""
    sight.focus("input[name=change][value=small-division]")
    sight.keyboard.press("Space")
    sight.fill("#pairs", "10")
    cards = sight.locator("article").count()
    sight.keyboard.press("Control+Enter")
    sight.locator("article").nth(cards).wait_for()
    still = "article[data-state=queued], article[data-state=running]"  # a card that is done later would come first
    sight.wait_for_function("(still) => !document.querySelector(still)", arg=still, timeout=PLAYED_MS)
    card = sight.locator("article[data-state=done]", has_text="10 of 10 pairs").first
    card.locator(".maps canvas[role=img][aria-label]").nth(2).wait_for(timeout=PLAYED_MS)
    return card


def test_three_maps_are_drawn_and_change_with_the_day(sight, template):
    """The toy's front moves in its ten days, so that no map is the same at its beginning and at its end."""
    card = with_maps(sight)
    maps, slider = card.locator(".maps .three canvas"), card.get_by_label("Day of the maps")
    assert "mean of 10 pairs" in card.locator(".maps").inner_text()
    pictures, moments = [], []
    for key in ("Home", "End"):
        slider.press(key)
        pictures.append([maps.nth(k).evaluate(INKED) for k in range(3)])
        moments.append(slider.get_attribute("aria-valuetext"))
    assert moments[0] != moments[1]
    assert [was != now for was, now in zip(*pictures, strict=True)][:2] == [True, True]
    assert len(set(pictures[1])) > 1
    sight.reload()
    sight.locator(".maps canvas[aria-label]").first.wait_for()


def test_a_map_is_read_in_both_arms_shown_alone_and_played(sight, template):
    """An arrow key puts a spot on every map and says both shares; alone the third is wider; play goes on by days."""
    card = with_maps(sight)
    card.locator(".sight").nth(2).focus()
    sight.keyboard.press("ArrowRight")
    said = card.locator(".maps .tip").inner_text()
    assert re.search(r"held in \d+ % of the runs as it was, \d+ % changed|from the beginning", said)
    assert card.locator(".spot:visible").count() == 3
    wide = card.locator(".three canvas").nth(2).bounding_box()["width"]
    card.get_by_label("Difference only").check()
    assert card.locator(".three canvas:visible").count() == 1
    assert card.locator(".three canvas").nth(2).bounding_box()["width"] > 2 * wide
    slider = card.get_by_label("Day of the maps")
    slider.press("Home")
    card.get_by_role("button", name="Play the days").click()
    sight.wait_for_function("(one) => Number(one.value) >= 2", arg=slider.element_handle())
    card.get_by_role("button", name="Stop").click()


def test_a_date_of_attack_is_a_change_and_a_mistake_is_told(sight):
    sight.click("#own-part summary")
    sight.fill("#date", "1945-08-10T00:00")
    sight.click("#add-date")
    assert sight.inner_text("#chosen") == "1 chosen"
    sight.fill("#own", sight.input_value("#own").replace("h_hour", "h_our"))
    sight.click("button.go")
    sight.wait_for_selector("#errors li")
    assert "own.yaml:6" in sight.inner_text("#errors")
    sight.faults[:] = [fault for fault in sight.faults if "400" not in fault]  # the browser's own word for a refusal
    sight.fill("#own", sight.input_value("#own").replace("h_our", "h_hour"))
    sight.fill("#pairs", "10000")
    sight.click("button.go")
    card = sight.locator("article", has_text="attack-at-1945-08-10T0000").first
    card.get_by_role("button", name="Cancel").click()
    card.get_by_role("button", name="Resume").or_(card.get_by_role("button", name="Repeat")).wait_for(timeout=60_000)


def test_why_is_asked_by_keyboard_and_its_shares_are_drawn(sight):
    """Two factors make four combinations; the waterfall has a bar for each and one for either end."""
    sight.focus("input[name=mode]:checked")
    sight.keyboard.press("ArrowRight")
    assert "Factors" in sight.inner_text("#ask")
    for factor in ("small-division", "no-mud"):
        sight.focus(f"input[name=factor][value={factor}]")
        sight.keyboard.press("Space")
    sight.fill("#pairs", "12")
    assert "4 combinations, 48 runs" in sight.inner_text("#work")
    sight.keyboard.press("Control+Enter")
    card = sight.locator("article[data-state=done]", has_text="Why: ").first
    card.locator(".fall").first.wait_for(timeout=PLAYED_MS)
    assert card.locator(".fall svg[role=img]").count() == 4
    assert "12 of 12 runs of each of 4 combinations" in card.inner_text()
    card.get_by_label("Measure").select_option("irrecoverable-jp")
    assert "killed and missing" in sight.locator("article .what").first.inner_text()


def test_the_page_of_a_study_opens_and_cannot_ask_the_server(sight, folders, page_file):
    study = folders[1] / "first"
    study.mkdir()
    Study("toy", "", "f00d", 7, Settings(), 24, "0", "", "", "2026-01-01T00:00:00+00:00").write(study)
    shutil.copy(page_file, study / "report.html")
    sight.reload()
    with sight.context.expect_page() as opened:
        sight.click("text=Open the page")
    page = opened.value
    page.wait_for_selector("html[data-ready]", timeout=60_000)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert page.evaluate("self.origin") == "null"
    assert page.evaluate("fetch('/api/studies').then(() => 'answered', () => 'refused')") == "refused"
    page.close()
