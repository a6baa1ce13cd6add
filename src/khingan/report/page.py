"""Write report.html: the built client with a study result. It opens from a file and asks nothing of any network."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from khingan.errors import KhinganError
from khingan.history.comparison import Comparison
from khingan.history.spread import Share
from khingan.history.targets import History, has_history, read_history
from khingan.report import against, evidence, people
from khingan.report.belief import belief
from khingan.report.fans import FANS, LOSSES, STRENGTHS, pack_fans
from khingan.report.fans import SHARES as FAN_SHARES
from khingan.report.front import SHARES, pack_control, unit_hours
from khingan.report.ground import Ground
from khingan.report.hearing import pack_hearing
from khingan.report.marches import UNITS, pack_marches
from khingan.report.packing import Pack, island
from khingan.report.reach import pack_reach
from khingan.report.schools import played, schools
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

Spread = Callable[[], Sequence[Share]]  # asked once, when the rest of the page is made
CLIENT = "client/index.html"
MARK, TITLE = "__KHINGAN_DATA__", "__KHINGAN_TITLE__"
NOT_BUILT = "the page's client was not built when khingan was installed"
REMEDY = "install khingan again where the npm registry can be reached; every other command works without it"


def write_page(
    result: Result, scenario: Scenario, comparison: Comparison | None, path: str | Path, spread: Spread = tuple
) -> Path:
    """Put the page in place by rename, so that a half-written one is never found.

    `spread` is asked last for where the width of the intervals comes from, so that it may be found out meanwhile.
    """
    path = Path(path)
    text = page(result, scenario, comparison, spread)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_text(text, encoding="utf-8")
        os.replace(partial, path)
    except OSError as error:
        raise KhinganError(str(path), f"cannot be written: {error.strerror}", "name another folder") from error
    return path


def page(result: Result, scenario: Scenario, comparison: Comparison | None, spread: Spread = tuple) -> str:
    """The page as text."""
    return filled(client(), page_data(result, scenario, comparison, spread))


def filled(template: str, data: dict[str, Any]) -> str:
    """The client with one study's data result."""
    return template.replace(TITLE, escape(data["title"])).replace(MARK, island(data))


def has_client() -> bool:
    """Whether the client was built when khingan was installed."""
    return (files("khingan.report") / CLIENT).is_file()


def unbuilt() -> KhinganError:
    """What a command says that has no client to put a study in."""
    return KhinganError("report", NOT_BUILT, REMEDY)


def client() -> str:
    """The built client: one HTML file with a mark where the data go."""
    if not has_client():
        raise unbuilt()
    return (files("khingan.report") / CLIENT).read_text(encoding="utf-8")


def page_data(
    result: Result, scenario: Scenario, comparison: Comparison | None, spread: Spread = tuple
) -> dict[str, Any]:  # fmt: skip
    """Everything the client shows, as JSON values and one packed blob."""
    history: History | None = read_history(scenario) if comparison and has_history(scenario) else None
    ground, pack, moving = Ground(scenario), Pack(), Pack()
    with ThreadPoolExecutor(1) as pool:  # arrays are put in order on two cores
        formations = pool.submit(_pack_formations, result, scenario, history, comparison, ground, moving)
        heard = pack_hearing(result, scenario, pack)
        drawn = ground.pack(scenario, pack)
        pack_control(result, scenario, pack)
        reach = pack_reach(result, pack)
        together, bodies = formations.result()
        pack.take(moving)
        places, cells = people.places(scenario, ground)
        named = [place["name"] for place in places]
        against.pack_spreads(result, scenario, history, dict(zip(named, cells, strict=True)), pack)
        home = scenario.terrain.cells["owner"] == scenario.calendar.control_side
        pack.add("placecell", np.array(cells, dtype=np.int32))
        packed = pool.submit(pack.as_json)
        said = {
            **_study(result, scenario, comparison),
            "shares": list(SHARES), "fans": list(FAN_SHARES), "unit": unit_hours(result), "losses": list(LOSSES),
            "strengths": list(STRENGTHS), "ground": drawn, "bodies": bodies, "places": places,
            "formations": people.formations(scenario, result), "armies": people.armies(scenario, result, together),
            "works": people.works(scenario, ground, home), "claims": evidence.claims(scenario),
            "sources": evidence.sources(scenario), "statements": evidence.statements(scenario),
            "moments": evidence.moments(scenario), "rows": against.comparison_rows(comparison, history),
            "scores": against.summary_rows(comparison),
            "reach": reach, "heard": heard, "belief": belief(scenario, result.study), "schools": schools(scenario),
        }  # fmt: skip
        return {**said, **packed.result(), "width": against.width_rows(spread())}


def _pack_formations(
    result: Result, scenario: Scenario, history: History | None, comparison: Comparison | None, ground: Ground,
    pack: Pack,
) -> tuple[list[int], list[dict[str, Any]]]:  # fmt: skip
    """Where formations stood and how armies fared; the numbers of armies drawn as one symbol, and the bodies."""
    together = pack_marches(result, scenario, ground.cells, pack) if "place" in result.ensemble else []
    return together, pack_fans(result, scenario, history, comparison, pack)


def sampled(runs: int) -> str:
    """From how many runs the pictures are drawn, where these are fewer than all."""
    said = [f"units from the first {UNITS} runs"] * (runs > UNITS) + [f"losses from the first {FANS:,}"] * (runs > FANS)
    return "".join(f", {words}" for words in said)


def _study(result: Result, scenario: Scenario, comparison: Comparison | None) -> dict[str, Any]:
    """What was played, when and with what."""
    calendar, study = scenario.calendar, result.study
    return {
        "title": calendar.title, "summary": calendar.summary, "campaign": calendar.name,
        "start": calendar.h_hour.isoformat() + "Z", "step": calendar.step_hours, "steps": calendar.steps,
        "horizon": result.horizon_h, "never": comparison.never_at_h if comparison else result.horizon_h,
        "runs": result.runs, "seed": study.seed,
        "settings": f"parameters {study.settings.parameters}, claims {study.settings.claims}{sampled(result.runs)}",
        "politics": played(scenario, study),
        "fingerprint": study.fingerprint[:8], "version": study.version,
        "finding": comparison.finding() if comparison and comparison.dated else "",
        "conditioned": comparison.conditioned_on if comparison else "",
        "without": list(comparison.not_compared) if comparison else [],
        "side": calendar.control_side, "sides": {key: side.name for key, side in calendar.sides.items()},
        "operations": {operation.key: operation.name for operation in calendar.operations},
    }  # fmt: skip
