#!/usr/bin/env python3
"""Play a campaign and write down what the model says of it, before its outcome is looked at.

    python tools/register_prediction.py lake-khasan-1938            1,000 runs, seed 1945

Writes docs/validation/predictions/CAMPAIGN.json and .md: commit, version, parameters, and 5, 50 and 95 % of the runs
for losses, dates, ground held and prisoners. The questions stand in CAMPAIGN.yaml beside them. The study is not kept.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from ruamel.yaml import YAML

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import khingan
from khingan.scenario.gazetteer import resolve
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs/validation/predictions"
SHARES = (0.05, 0.5, 0.95)
LOSSES = {
    "killed": "killed and missing", "wounded": "wounded", "captured": "prisoners of the other side",
    "deserted": "scattered when a formation was broken up", "sick": "sick and injured",
    "tanks_lost": "tanks lost for good", "tanks_out": "tanks hit or broken down at the end",
}  # fmt: skip
UNITS = {"tanks_lost": "tanks", "tanks_out": "tanks"}
COMPANY = 150  # men that hold a hill, as control.holding_men


def quantiles(values: np.ndarray) -> list[float | None]:
    """5, 50 and 95 % of the runs; None where such a share of them never came to it."""
    ordered = np.quantile(np.where(np.isnan(values), np.inf, values), SHARES, method="inverted_cdf")
    return [round(float(value), 2) if np.isfinite(value) else None for value in ordered]


def measures(result: Result, scenario: Scenario, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every measure with its unit and quantiles; dates in hours from H-hour with the share that never came."""
    yield from losses(result, scenario)
    for place in asked["places"]:
        cell = resolve(scenario, place).cell
        yield dated(f"{place}: first held, or won back, by the attacker", result.first_control(cell))
        other = scenario.calendar.sides[asked["attacker"]].adversary
        if scenario.terrain.cells["owner"][cell] == other:
            continue
        yield dated(
            f"{place}: a company of the other side or more first stands on it", entered(result, scenario, cell, other)
        )
    for group in asked["groups"]:
        cells = [resolve(scenario, place).cell for place in group["places"]]
        hours = np.max(result.first_control(cells), axis=1)  # NaN where one of them never came
        yield dated(f"{group['name']}: all held, each at least once", hours)
    yield from ground(result, scenario)


def losses(result: Result, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Losses of each side at the end."""
    for side, said in scenario.calendar.sides.items():
        armies = [k for k, name in enumerate(result.names("army")) if side_of(scenario, name) == side]
        for name, words in LOSSES.items():
            total = result.dataset[name].values[:, -1, armies].sum(axis=1)
            unit = UNITS.get(name, "men")
            yield {"measure": f"{said.name}: {words}", "unit": unit, "q": quantiles(total.astype(float))}
        bodies = [k for k, body in enumerate(scenario.formations) if body.side == side and body.role == "field"]
        broken = (result.dataset["men"].values[:, -1, bodies] <= 0.0).sum(axis=1)
        name = f"{said.name}: formations of {len(bodies)} in the field broken up"
        yield {"measure": name, "unit": "formations", "q": quantiles(broken.astype(float))}


def side_of(scenario: Scenario, army: str) -> str:
    """The side of an army."""
    return next(row.side for row in scenario.armies if row.army == army)


def dated(name: str, hours: np.ndarray) -> dict[str, Any]:
    """A date as hours from H-hour; 0 is there from the first hour and never lost."""
    values = np.asarray(hours, dtype=float)
    return {"measure": name, "unit": "h", "q": quantiles(values), "never": round(float(np.isnan(values).mean()), 3)}


def entered(result: Result, scenario: Scenario, cell: int, side: str) -> np.ndarray:
    """Hours, (run,), at which a formation of the side with a company's men first stands in the cell, by whole steps."""
    columns = [k for k, body in enumerate(scenario.formations) if body.side == side and body.role == "field"]
    columns = [k for k in columns if scenario.formations[k].men >= COMPANY]
    there = (result.dataset["place"].isel(formation=columns).values == cell).any(axis=2)  # (run, step)
    first = there.argmax(axis=1)
    return np.where(there.any(axis=1), (first + 1) * scenario.calendar.step_hours, np.nan)


def ground(result: Result, scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Disputed ground held at the end by each side, km2 and share."""
    cells = scenario.terrain.cells
    disputed = cells["claimed"] == "both"
    area = cells["area_km2"][disputed]
    held = result.dataset["held_at_end"].values[:, disputed].astype(float) @ area
    control = scenario.calendar.control_side
    other = scenario.calendar.sides[control].adversary
    for side, km2 in ((control, held), (other, area.sum() - held)):
        name = scenario.calendar.sides[side].name
        yield {"measure": f"{name}: ground that both claim, held at the end", "unit": "km2", "q": quantiles(km2)}
        yield {
            "measure": f"{name}: share of the ground that both claim",
            "unit": "share",
            "q": quantiles(km2 / area.sum()),
        }


def shares(result: Result, scenario: Scenario, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Shares of the runs in which a group of places was held by a date, and at the end."""
    start = scenario.calendar.h_hour
    held = result.dataset["held_at_end"].values
    for place in asked["places"]:
        cell = resolve(scenario, place).cell
        yield {"question": f"{place} held by the attacker at the end", "share": round(float(held[:, cell].mean()), 3)}
    for group in asked["groups"]:
        cells = [resolve(scenario, place).cell for place in group["places"]]
        hours = np.max(result.first_control(cells), axis=1)
        for day in group["by"]:
            by = (datetime.fromisoformat(str(day)) - start).total_seconds() / 3600
            with np.errstate(invalid="ignore"):
                share = float((hours <= by).mean())
            yield {"question": f"{group['name']}: all held at least once by {day}", "share": round(share, 3)}
        every = held[:, cells].all(axis=1).mean()
        yield {"question": f"{group['name']}: all held at the end", "share": round(float(every), 3)}


def provenance(result: Result, scenario: Scenario) -> dict[str, Any]:
    """What the prediction was made with."""
    study = result.study
    return {
        "campaign": study.campaign, "commit": commit(), "version": study.version, "runs": result.runs,
        "seed": study.seed, "settings": study.settings.as_dict(), "parameter_files": study.parameter_files,
        "code": study.code, "campaign_files": study.fingerprint,
        "h_hour": scenario.calendar.h_hour.isoformat(), "registered": datetime.now(UTC).isoformat(timespec="seconds"),
    }  # fmt: skip


def commit() -> str:
    """The commit that stands in the working tree, marked where something tracked differs from it."""

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "src")
    return git("rev-parse", "HEAD") + (" with changes" if changed else "")


def page(said: dict[str, Any], scenario: Scenario) -> str:
    """The prediction as Markdown."""
    text = [f"# Registered prediction: {scenario.calendar.title}", ""]
    text += [
        f"Made by `tools/register_prediction.py {said['campaign']}`, before its outcome was laid beside it. "
        "Nothing was fitted to this campaign.",
        "",
    ]
    text += ["| | |", "|---|---|"]
    for key in ("commit", "version", "runs", "seed", "parameter_files", "code", "campaign_files", "registered"):
        text.append(f"| {key} | `{said[key]}` |")
    text.append(f"| settings | parameters {said['settings']['parameters']}, claims {said['settings']['claims']} |")
    text += [
        "",
        "## 5, 50 and 95 % of the runs",
        "",
        "| measure | unit | 5 % | 50 % | 95 % | never |",
        "|---|---|---|---|---|---|",
    ]
    for row in said["measures"]:
        shown = [moment(scenario, value) if row["unit"] == "h" else number(value, row["unit"]) for value in row["q"]]
        unit = "date" if row["unit"] == "h" else row["unit"]
        never = f"{row['never']:.1%}" if "never" in row else ""
        text.append(f"| {row['measure']} | {unit} | {' | '.join(shown)} | {never} |")
    text += ["", "## Shares of the runs", "", "| question | share |", "|---|---|"]
    text += [f"| {row['question']} | {row['share']:.1%} |" for row in said["shares"]]
    return "\n".join(text) + "\n"


def moment(scenario: Scenario, hours: float | None) -> str:
    """Hours from H-hour as a date."""
    if hours is None:
        return "never"
    if hours == 0.0:
        return "from the start"
    return (scenario.calendar.h_hour + timedelta(hours=hours)).strftime("%d %B %H:%M")


def number(value: float | None, unit: str) -> str:
    """A figure with as many digits as it bears."""
    if value is None:
        return "never"
    return f"{value:.2f}" if unit == "share" else f"{value:,.0f}"


def predict(campaign: str, runs: int, seed: int, study: Path) -> tuple[dict[str, Any], Scenario]:
    """The prediction of a campaign from a study that is played here."""
    scenario = khingan.load(campaign)
    result = khingan.run(scenario, runs=runs, seed=seed, out=study)
    asked = YAML(typ="safe").load(FOLDER / f"{campaign}.yaml")
    said = provenance(result, scenario)
    said["measures"] = list(measures(result, scenario, asked))
    said["shares"] = list(shares(result, scenario, asked))
    return said, scenario


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaign")
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1945)
    parser.add_argument("--out", type=Path, default=FOLDER)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        said, scenario = predict(wanted.campaign, wanted.runs, wanted.seed, Path(folder) / "study")
    wanted.out.mkdir(parents=True, exist_ok=True)
    target = wanted.out / f"{wanted.campaign}.json"
    target.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    target.with_suffix(".md").write_text(page(said, scenario), encoding="utf-8")
    print(target)
    return 0


if __name__ == "__main__":
    sys.exit(main())
