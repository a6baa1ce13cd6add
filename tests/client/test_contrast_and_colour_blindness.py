"""Contrast of every text and mark by WCAG 2.2, and whether pairs stay apart for the colour-blind, from the palette.

Read from the sources of the client and the laboratory, not from a copy of their values; no browser is needed.
"""

import re
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "client/src/style.css").read_text(encoding="utf-8")
LABORATORY = (ROOT / "src/khingan/serve/static/serve.css").read_text(encoding="utf-8")
THEME = (ROOT / "client/src/theme.ts").read_text(encoding="utf-8")
TEXT, MARK = 4.5, 3.0  # WCAG 2.2, success criteria 1.4.3 and 1.4.11, level AA
Colours = dict[str, str]

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB (doi:10.1109/TVCG.2009.113).
BLINDNESS = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
APART = 20.0  # CIE 1976 distance; 2.3 is just noticeable side by side, and these stand apart on a varied ground


def variables(css: str, selector: str) -> Colours:
    """The colours that a rule gives to names."""
    found = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", css)
    assert found is not None, selector
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{3,6})\b", found[1]))


def theme(name: str) -> Colours:
    """The colours of the map, its covers by their own names."""
    found = re.search(rf"const {name}: Theme = \{{(.*?)\n\}};", THEME, re.DOTALL)
    assert found is not None, name
    made = dict(re.findall(r'(\w+): "(#[0-9A-Fa-f]{6})"', found[1]))
    for key, numbers in re.findall(r"(control|belief): \[([\d, ]+)\]", found[1]):
        made[key] = "#" + "".join(f"{int(n):02X}" for n in numbers.split(","))
    return made


def dark_of(css: str) -> Colours:
    """The laboratory's dark colours."""
    return variables(css[css.index("prefers-color-scheme: dark") :], ":root")


LIGHT, DARK = variables(PAGE, ":root"), {**variables(PAGE, ":root"), **variables(PAGE, ':root[data-theme="dark"]')}
PRINTED = {**LIGHT, **variables(PAGE[PAGE.index("@media print") :], ":root")}
PAGES = {"light": LIGHT, "dark": DARK, "printed": PRINTED}
LABORATORIES = {"light": variables(LABORATORY, ":root"), "dark": dark_of(LABORATORY)}
MAPS = {"light": theme("LIGHT"), "dark": theme("DARK")}


def linear(colour: str) -> np.ndarray:
    """Linear RGB of an sRGB colour (IEC 61966-2-1)."""
    digits = colour.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    value = np.array([int(digits[k : k + 2], 16) for k in (0, 2, 4)]) / 255
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    dim, bright = sorted(float(linear(c) @ [0.2126, 0.7152, 0.0722]) for c in (one, other))
    return (bright + 0.05) / (dim + 0.05)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB under D65."""
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    ratio = to_xyz @ rgb / (to_xyz @ np.ones(3))
    f = np.where(ratio > (6 / 29) ** 3, np.cbrt(ratio), ratio / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str, eye: str) -> float:
    """How far apart two colours are, seen with an eye."""
    seen = [np.clip(np.array(BLINDNESS.get(eye, np.eye(3))) @ linear(c), 0, 1) for c in (one, other)]
    return float(np.linalg.norm(lab(seen[0]) - lab(seen[1])))


def bands(colours: Colours, of: str, dark: bool, ground: str) -> list[str]:
    """The ground and its three tints, as the client mixes them."""
    shares = re.findall(r"opacity: \[([\d., ]+)\]", THEME)[int(dark)].split(",")
    below = np.array([int(colours[ground][k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
    tint = np.array([int(colours[of][k : k + 2], 16) for k in (1, 3, 5)], dtype=float)
    made = [below]
    for share in map(float, shares):
        below = below * (1 - share) + (tint if dark else below * tint / 255) * share
        made.append(below)
    return ["#" + "".join(f"{round(v):02X}" for v in colour) for colour in made]


def test_the_measure_itself_agrees_with_published_values() -> None:
    """Black on white is 21; #767676 is the well-known lightest grey that passes on white, 4.54."""
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.005)
    assert distance("#FF0000", "#00FF00", "") == pytest.approx(170.5, abs=1)  # CIE 1976


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("below", ["paper", "panel", "faint", "tint"])
@pytest.mark.parametrize("text", ["ink", "second", "model", "history", "defender"])
def test_text_of_the_page_can_be_read(name: str, below: str, text: str) -> None:
    """Every colour that writes, on every colour that lies below writing."""
    colours = PAGES[name]
    assert contrast(colours[text], colours[below]) >= TEXT, (colours[text], colours[below])


@pytest.mark.parametrize("name", PAGES)
def test_badges_buttons_and_focus_of_the_page(name: str) -> None:
    """Letters of grades on their badges, of symbols on their sides, of pressed buttons; rings of focus as marks."""
    c = PAGES[name]
    assert min(contrast(c["badge"], c[grade]) for grade in "abc") >= TEXT
    assert min(contrast(c["icon"], c[side]) for side in ("attacker", "defender")) >= MARK
    assert contrast(c["paper"], c["ink"]) >= TEXT
    assert min(contrast(c[mark], c[below]) for mark in ("focus", "edge") for below in ("paper", "panel")) >= MARK
    assert min(contrast(c["muted"], c[below]) for below in ("paper", "panel")) >= TEXT


@pytest.mark.parametrize("name", LABORATORIES)
def test_text_and_marks_of_the_laboratory(name: str) -> None:
    """Words and faults to be read; edges of fields, focus and both arms to be seen."""
    c = LABORATORIES[name]
    below = [c["paper"], c["panel"]]
    assert min(contrast(c[text], b) for text in ("ink", "second", "wrong") for b in [*below, c["faint"]]) >= TEXT
    marks = ("edge", "focus", "changed", "was", "up", "down")
    assert {m for m in marks for b in below if contrast(c[m], b) < MARK} == set()


@pytest.mark.parametrize("name", MAPS)
def test_names_and_lines_on_the_map(name: str) -> None:
    """Names of towns on every cover and the deepest tint; sides, front and lines as marks on untinted ground.

    On the deepest tint a symbol has 2 at least: what parts it from the ground there is the frame of paper about it."""
    c = MAPS[name]
    covers = ["desert", "dunes", "steppe", "farmland", "forest", "wetland", "tundra", "urban"]
    grounds = [band for cover in covers for band in (c[cover], bands(c, "control", name == "dark", cover)[3])]
    for colour, least in (("ink", TEXT), ("history", TEXT), ("attacker", 2.0), ("defender", 2.0)):
        assert min(contrast(c[colour], ground) for ground in grounds) >= least, colour
    untinted = [c[cover] for cover in covers]
    for colour in ("attacker", "defender", "line", "rail", "border"):
        assert min(contrast(c[colour], ground) for ground in untinted) >= MARK, colour
    for colour in ("attackerText", "defenderText", "region", "range", "water"):
        halo = c["paper"]  # a name has a halo of paper, so that it is read on that
        assert contrast(c[colour], halo) >= TEXT, colour


PAIRS = {
    "sides": ("attacker", "defender"), "control and belief": ("control", "belief"),
    "true front and believed": ("line", "defender"), "difference": ("less", "more"),
    "side and history": ("attacker", "history"), "other side and history": ("defender", "history"),
}  # fmt: skip


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("eye", ["", *BLINDNESS])
@pytest.mark.parametrize("pair", PAIRS)
def test_pairs_stay_apart_for_every_eye(name: str, eye: str, pair: str) -> None:
    """What is told apart by colour is so with every kind of sight."""
    one, other = (MAPS[name][key] for key in PAIRS[pair])
    assert distance(one, other, eye) >= APART


@pytest.mark.parametrize("name", LABORATORIES)
@pytest.mark.parametrize("eye", ["", *BLINDNESS])
def test_arms_and_shares_stay_apart_for_every_eye(name: str, eye: str) -> None:
    """As it was and changed; more and less."""
    c = LABORATORIES[name]
    assert min(distance(c["was"], c["changed"], eye), distance(c["up"], c["down"], eye)) >= APART


@pytest.mark.parametrize("name", MAPS)
@pytest.mark.parametrize("eye", ["", *BLINDNESS])
@pytest.mark.parametrize("of", ["control", "belief"])
def test_each_band_differs_from_the_next(name: str, eye: str, of: str) -> None:
    """10, 50 and 90 % on one cover: at least twice what is just noticeable (2.3), and lines part them besides."""
    steps = bands(MAPS[name], of, name == "dark", "steppe")
    assert min(distance(a, b, eye) for a, b in pairwise(steps)) >= 4.6
