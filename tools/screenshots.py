#!/usr/bin/env python3
"""Take the pictures of the documentation from a study's page: `python tools/screenshots.py studies/first`.

Needs the built client, playwright and a Chromium (apt-get install chromium).
"""

import argparse
import shutil
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
    ("tablet", "#t=22&sel=p0", 800, 1000, False),
    ("phone", "#t=22&sel=p1", 390, 844, False),
)
SHOWN = ("map", "dark", "comparison", "phone")


def take(browser: Any, page: Path, out: Path, view: tuple[str, str, int, int, bool]) -> None:
    """One picture."""
    name, link, width, height, dark = view
    sight = browser.new_page(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
    sight.goto(page.as_uri() + link)
    sight.wait_for_selector("html[data-ready=true]", timeout=60_000)
    sight.wait_for_timeout(400)
    sight.screenshot(path=str(out / f"{name}.jpg"), type="jpeg", quality=82)
    sight.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--all", type=Path, metavar="FOLDER", help="every view, for looking at, into this folder")
    wanted = parser.parse_args()
    from playwright.sync_api import sync_playwright

    result = Result.open(wanted.study)
    scenario = campaign_of(result)
    out = wanted.all or OUT
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        page = Path(folder) / "report.html"
        write_page(result, scenario, compare(result, scenario), page, found_spread(result, scenario))
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for view in VIEWS:
            if wanted.all or view[0] in SHOWN:
                take(browser, page, out, view)
                print(f"{view[0]}.jpg: {(out / f'{view[0]}.jpg').stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
