"""Ship a fit with the package: `python tools/ship_posterior.py DIR`, DIR being a folder of `khingan calibrate`.

Writes src/khingan/parameters/posterior.parquet and posterior.yaml, from which every run then draws the fitted
parameters, and docs/validation/calibration.md with its plots. `--page` writes the page alone.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from khingan.calibration.keep import RESULT
from khingan.evidence.posterior import DRAWS, SAID

ROOT = Path(__file__).parents[1]
PARAMETERS = ROOT / "src" / "khingan" / "parameters"
PAGE = ROOT / "docs" / "validation" / "calibration.md"
BEGIN, END = "<!-- fit, from tools/ship_posterior.py: begin -->", "<!-- fit: end -->"
PLOTS = {"corner.svg": "calibration-corner.svg", "predictive.svg": "calibration-predictive.svg"}
UNITS = {
    "h": "dates",
    "men": "losses and prisoners",
    "tanks": "tanks written off",
    "hours": "fuel halts",
    "km/day": "rates of advance",
}
Values = dict[str, Any]


def main() -> None:
    """Ship, and write the page."""
    folder = Path(sys.argv[1])
    result = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    if "--page" not in sys.argv:
        ship(folder, result)
    write_page(folder, result)


def ship(folder: Path, result: Values) -> None:
    """Draws and what made them."""
    content = (folder / DRAWS).read_bytes()
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    made = {
        "campaign": result["campaign"], "version": result["version"], "commit": commit.strip(),
        "code": result["code"], "seed": result["seed"], "runs": result["runs"], "kept": result["kept"],
        "sha256": sha256(content).hexdigest(),
    }  # fmt: skip
    lines = ["# What made posterior.parquet, joint draws of the fitted parameters; tools/ship_posterior.py wrote both."]
    lines += [f'{name}: "{value}"' if isinstance(value, str) else f"{name}: {value}" for name, value in made.items()]
    lines += ["parameters:", *(f"  - {row['name']}" for row in result["parameters"])]
    (PARAMETERS / DRAWS).write_bytes(content)
    (PARAMETERS / SAID).write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_page(folder: Path, result: Values) -> None:
    """The fit between the page's two marks, and the plots beside it."""
    text = PAGE.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    body = "\n\n".join(part for part in parts(result) if part)
    PAGE.write_text(f"{before}{BEGIN}\n\n{body}\n\n{END}{after}", encoding="utf-8")
    for name, kept in PLOTS.items():
        shutil.copy(folder / name, PAGE.parent / kept)


def parts(result: Values) -> Iterable[str]:
    """The page's sections."""
    yield (
        f"{result['campaign']}, version {result['version']}, {result['runs']:,} runs, seed {result['seed']}, code "
        f"{result['code'][:8]}. {result['kept']:,} rows kept, worth {result['effective']:,.0f} of equal weight; "
        f"{result['clipped']:.1%} of the draws were moved back to three standard deviations of a prior."
    )
    yield "### Fitted parameters\n\n" + table(
        ("parameter", "unit", "prior 5-50-95 %", "posterior 5-50-95 %", "spread, priors' = 1", "R² when invented",
         "50 % cover", "90 % cover", "ranks even, p"),
        [parameter_line(row) for row in result["parameters"]],
    )  # fmt: skip
    yield identified(result)
    yield (
        f"The last four columns come from {result['invented']} rows of the table that the fit did not see, each taken "
        "for history in turn; covers should be near 50 and 90 %, ranks even."
    )
    yield "![Joint draws, in standard deviations of the priors; lines: priors](calibration-corner.svg)"
    yield "### History matching\n\n" + matching(result)
    yield "### What matters\n\n" + influence(result)
    yield "### Summaries\n\n" + summaries(result)
    yield "### What the posterior predicts\n\n" + predictive(result)
    yield "![History in the runs of the posterior](calibration-predictive.svg)"
    yield "### Missed\n\n" + missed(result)


def parameter_line(row: Values) -> list[str]:
    return [
        f"`{row['name']}`", row["unit"], spread(row["prior"]), spread(row["posterior"]), f"{row['spread']:.2f}",
        f"{row['recovered']:.2f}", f"{row['cover50']:.0%}", f"{row['cover90']:.0%}", f"{row['evenness']:.2g}",
    ]  # fmt: skip


def identified(result: Values) -> str:
    """Which parameters the campaign says something about."""
    groups = {True: [], False: []}
    for row in result["parameters"]:
        groups[row["identified"]].append(f"`{row['name']}`")
    known = ", ".join(groups[True]) or "none"
    unknown = ", ".join(groups[False])
    rest = f" The campaign hardly narrows {unknown}: their posteriors are nearly their priors." if unknown else ""
    return f"Identified (less than four fifths of the prior's spread left): {known}.{rest}"


def matching(result: Values) -> str:
    beyond = [row for row in result["summaries"] if row["least_implausibility"] >= result["cutoff"]]
    said = (
        f"{result['left']:.1%} of the prior is not ruled out by the second largest implausibility (below "
        f"{result['cutoff']:g})."
    )
    if not beyond:
        return said + " Every summary can be met somewhere in the prior."
    names = "; ".join(f"{row['name']} (at best {row['least_implausibility']:.1f})" for row in beyond)
    return f"{said} No parameters of the prior meet: {names}."


def influence(result: Values) -> str:
    heads = ("parameter", "first-order", "total", "strongest on", "first-order there", "total there")
    lines = [
        [f"`{row['name']}`", f"{row['first']:.3f}", f"{row['total']:.3f}", row["most"], f"{row['first_there']:.2f}",
         f"{row['total_there']:.2f}"]
        for row in result["influence"]
    ]  # fmt: skip
    told = (
        "Sobol indices of the strongest parameters by a quadratic emulator, as shares of a summary's whole variance, "
        "luck and claims counted: the mean over the summaries, and the summary each matters most to."
    )
    return told + "\n\n" + table(heads, lines)


def summaries(result: Values) -> str:
    heads = ("summary", "history", "priors 5-50-95 %", "posterior 5-50-95 %", "rank in the priors", "explained")
    lines = [
        [row["name"], f"{row['observed']:.2f}", spread(row["prior"]), spread(row["posterior"]),
         f"{row['rank_before']:.2f}", f"{row['explained']:.2f}"]
        for row in result["summaries"]
    ]  # fmt: skip
    told = (
        "Dates in days, cut at the order to stop; losses as ln(1 + men). Runs carry the errors of model and record. "
        "Explained: share of the variance that the emulator explains; the rest is luck, claims, other parameters and "
        "its own error."
    )
    return told + "\n\n" + table(heads, lines)


def predictive(result: Values) -> str:
    lines = []
    for unit, kind in UNITS.items():
        for fitted in (True, False):
            rows = [row for row in result["predictive"] if row["unit"] == unit and row["fitted"] == fitted]
            if rows:
                inside = sum(row["inside"] for row in rows)
                lines.append([kind, "yes" if fitted else "no", str(len(rows)), str(inside)])
    return table(("what", "seen by the fit", "figures", "inside 5-95 %"), lines)


def missed(result: Values) -> str:
    rows = [row for row in result["predictive"] if not row["inside"]]
    if not rows:
        return "Nothing lies outside the 5-95 % interval."
    heads = ("what", "unit", "seen by the fit", "history", "posterior 5-50-95 %")
    lines = [
        [
            row["name"],
            row["unit"],
            "yes" if row["fitted"] else "no",
            f"{row['observed']:,.4g}",
            spread(row["posterior"]),
        ]
        for row in rows
    ]
    return f"{len(rows)} of {len(result['predictive'])} figures lie outside.\n\n" + table(heads, lines)


def spread(values: Values) -> str:
    return " · ".join(f"{values[name]:,.3g}" if abs(values[name]) < 1000 else f"{values[name]:,.0f}"
                      for name in ("q05", "median", "q95"))  # fmt: skip


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
