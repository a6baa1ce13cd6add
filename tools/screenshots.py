#!/usr/bin/env python3
"""Take the pictures of the documentation from a study's page: `python tools/screenshots.py studies/first`.

The pictures of the laboratory are of questions asked of it here; `--serve-only` takes them alone, without a study.
Needs the built client, playwright and a Chromium (apt-get install chromium).
"""

import argparse
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from khingan.cli.consult import campaign_of
from khingan.history.compare import compare
from khingan.history.spread import found_spread
from khingan.report.page import write_page
from khingan.simulation.result import Result

OUT = Path(__file__).parents[1] / "docs/pictures"
# Name, link, width, height, dark.
VIEWS = (
    ("map", "#t=22&sel=a4", 1400, 900, False),
    ("dark", "#t=34", 1400, 900, True),
    ("east", "#t=30&v=4800,-1000,0.11", 1400, 900, False),
    ("chronicle", "#t=36&page=chronicle&sel=c32", 1400, 900, False),
    ("comparison", "#page=comparison", 1400, 900, False),
    ("belief", "#page=belief", 1400, 900, False),
    ("schools", "#page=schools", 1400, 900, False),
    ("tablet", "#t=22&sel=p0", 800, 1000, False),
    ("phone", "#t=22&sel=p1", 390, 844, False),
)
SHOWN = ("map", "dark", "comparison", "belief", "phone")


def take(browser: Any, page: Path, out: Path, view: tuple[str, str, int, int, bool]) -> None:
    """One picture."""
    name, link, width, height, dark = view
    sight = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
    sight.goto(page.as_uri() + link)
    sight.wait_for_selector("html[data-ready=true]", timeout=60_000)
    if "page=" not in link or "page=chronicle" in link:
        sight.wait_for_selector("html[data-fine]", timeout=60_000)  # every pixel has its own time of control
    sight.wait_for_timeout(400)
    sight.screenshot(path=str(out / f"{name}.jpg"), type="jpeg", quality=82)
    sight.close()


# Kind, changes or factors, measures, pairs.
ASKED = (
    ("factor", ("armour", "quality", "bombs"), ("prisoners-jp",), 50),
    ("change", ("no-bombs",), ("surrender-day", "prisoners-jp"), 100),
)
SERVED = (("serve", 1400, 1100), ("serve-tablet", 800, 1000), ("serve-phone", 390, 844))
CARD_MS = 600_000


def ask(page: Any, kind: str, names: tuple[str, ...], measures: tuple[str, ...], pairs: int) -> None:
    """Fill the form as a reader would, and wait for the answer."""
    page.check(f"input[name=mode][value={'why' if kind == 'factor' else 'what-if'}]", force=True)
    for box, chosen in ((kind, names), ("measure", measures)):
        wanted = ", ".join(f"input[name={box}][value='{name}']" for name in chosen)
        page.eval_on_selector_all(f"input[name={box}]", "(all) => all.forEach((one) => { one.checked = false; })")
        page.eval_on_selector_all(wanted, "(all) => all.forEach((one) => { one.checked = true; })")
    page.fill("#pairs", str(pairs))
    before = page.locator("article[data-state=done]").count()
    page.click("button.go")
    page.locator("article[data-state=done]").nth(before).wait_for(timeout=CARD_MS)


def serve(browser: Any, out: Path, wanted: set[str]) -> None:
    """The laboratory with its questions answered."""
    with tempfile.TemporaryDirectory() as studies:
        code = "from khingan.cli import main; main()"
        words = [sys.executable, "-c", code, "serve", "far-east-1945", "--port", "0", "--studies", studies]
        child = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
        try:
            assert child.stderr is not None
            found = re.search(r"http://\S+", child.stderr.readline())
            assert found is not None
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            page.goto(found[0])
            page.wait_for_selector("html[data-ready]", timeout=60_000)
            for kind, names, measures, pairs in reversed(ASKED):
                ask(page, kind, names, measures, pairs)
            for name, width, height in SERVED:
                if name in wanted:
                    page.set_viewport_size({"width": width, "height": height})
                    page.evaluate("() => scrollTo(0, 0)")
                    page.wait_for_timeout(300)
                    page.screenshot(path=str(out / f"{name}.jpg"), type="jpeg", quality=82)
                    print(f"{name}.jpg: {(out / f'{name}.jpg').stat().st_size / 1000:.0f} kB")
        finally:
            child.send_signal(signal.SIGINT)
            child.wait(20)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path, nargs="?", help="left out with --serve-only")
    parser.add_argument("--serve-only", action="store_true", help="the pictures of the laboratory alone")
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every view, for looking at, into this folder")
    wanted = parser.parse_args()
    if wanted.study is None and not wanted.serve_only:
        parser.error("name a study, or --serve-only")
    from playwright.sync_api import sync_playwright

    out = wanted.all or OUT
    out.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if not wanted.serve_only:
            pictures(browser, wanted.study, out, {view[0] for view in VIEWS} if wanted.all else set(SHOWN))
        serve(browser, out, {name for name, _, _ in SERVED} if wanted.all else {"serve"})
    return 0


def pictures(browser: Any, study: Path, out: Path, wanted: set[str]) -> None:
    """The page of a study, view by view."""
    result = Result.open(study)
    scenario = campaign_of(result)
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "report.html"
        write_page(result, scenario, compare(result, scenario), page, lambda: found_spread(result, scenario))
        for view in VIEWS:
            if view[0] in wanted:
                take(browser, page, out, view)
                print(f"{view[0]}.jpg: {(out / f'{view[0]}.jpg').stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    sys.exit(main())
