"""What a step of the page's slider costs: `python benchmarks/slider.py studies/first/report.html`.

Headless Chromium with software rendering at 1400 x 900. Every step is drawn and a pixel of both canvases read back, so
that nothing is put off; time is the page's own thread (CPU), so that a busy machine does not count. Nothing here passes
or fails. Needs playwright and a Chromium.
"""

import argparse
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

VIEWS = {
    "control": "#t=0",
    "chosen army": "#t=0&sel=a4",
    "all formations": "#t=0&v=4800,-1000,0.16",
    "supply": "#t=0&ground=supply",
    "belief": "#t=0&ground=belief",
}
REST_MS = 4000
STEP = """(k) => { const s = document.getElementById('when'); s.value = k; s.dispatchEvent(new Event('input'));
for (const c of ['.over', '.base']) document.querySelector(c).getContext('2d').getImageData(0, 0, 1, 1); }"""


def steps_of(session: Any, page: Any) -> list[float]:
    """CPU milliseconds of each step, forward and back, once the page has rested."""
    page.wait_for_timeout(REST_MS)
    last = int(page.get_attribute("#when", "max"))
    spent = []
    for step in [*range(1, last + 1), *range(last - 1, -1, -1)]:
        before = ticks(session)
        page.evaluate(STEP, step)
        spent.append(1000 * (ticks(session) - before))
    return spent


def ticks(session: Any) -> float:
    """CPU seconds that the page's tasks have taken."""
    found = session.send("Performance.getMetrics")["metrics"]
    return float(next(metric["value"] for metric in found if metric["name"] == "TaskDuration"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path)
    page_file = parser.parse_args().page.resolve()
    from playwright.sync_api import sync_playwright

    print(f"page {page_file.stat().st_size / 1e6:.2f} MB")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for name, link in VIEWS.items():
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            session = page.context.new_cdp_session(page)
            session.send("Performance.enable", {"timeDomain": "threadTicks"})
            start = time.perf_counter()
            page.goto(page_file.as_uri() + link)
            page.wait_for_selector("html[data-ready]", timeout=60_000)
            ready, cpu = time.perf_counter() - start, ticks(session)
            spent = sorted(steps_of(session, page))
            print(
                f"{name:15} ready {ready:.2f} s ({cpu:.2f} s CPU); a step: median {statistics.median(spent):.1f} ms, "
                f"95 % {spent[int(0.95 * len(spent))]:.1f} ms, worst {spent[-1]:.1f} ms"
            )
            page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
