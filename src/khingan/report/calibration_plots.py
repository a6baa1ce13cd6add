"""Plots of a fit as SVG, with nothing to install: the corner plot, and what the posterior predicts."""

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np
from scipy.stats import norm

CELL, MARGIN, BINS, RANGE = 62, 150, 14, 3.0
SHADES = (0.12, 0.3, 0.5, 0.72, 0.95)
LINE, NAME, PLOT = 15, 330, 420
INK, BLUE, GREY, RED = "#222", "#1f5f8b", "#b8b8b8", "#b3261e"
Values = dict[str, Any]


def page(width: float, height: float, parts: Sequence[str]) -> str:
    """An SVG of its own."""
    style = f'font-family="sans-serif" font-size="10" fill="{INK}"'
    box = f'viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" height="{height:.0f}"'
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {box} {style}>\n<rect width="100%" height="100%" fill="#fff"/>\n'
        f"{body}\n</svg>\n"
    )


def corner(names: Sequence[str], z: np.ndarray) -> str:
    """Joint draws z (draw, parameter) in standard deviations of each prior, -3 to 3; the grey line is the prior."""
    count = len(names)
    parts = []
    for row in range(count):
        y = 10 + row * CELL
        parts.append(_text(MARGIN - 6, y + CELL / 2, names[row], "end"))
        for column in range(row):
            parts += _density(MARGIN + column * CELL, y, z[:, column], z[:, row])
        parts += _histogram(MARGIN + row * CELL, y, z[:, row])
    below = 10 + count * CELL + 8
    for column, name in enumerate(names):
        x = MARGIN + column * CELL + CELL / 2
        parts.append(f'<text transform="translate({x:.0f},{below}) rotate(40)">{escape(name)}</text>')
    return page(MARGIN + count * CELL + 110, below + 130, parts)


def _density(x: float, y: float, across: np.ndarray, up: np.ndarray) -> list[str]:
    """Two parameters: squares the darker, the more draws."""
    counts = np.histogram2d(across, up, BINS, [(-RANGE, RANGE)] * 2)[0]
    levels = np.ceil(counts / max(counts.max(), 1.0) * len(SHADES)).astype(int)
    side = (CELL - 4) / BINS
    parts = [f'<rect x="{x:.0f}" y="{y:.0f}" width="{CELL - 4}" height="{CELL - 4}" fill="none" stroke="{GREY}"/>']
    for level, shade in enumerate(SHADES, start=1):
        squares = "".join(
            f"M{x + i * side:.1f} {y + (BINS - 1 - j) * side:.1f}h{side:.1f}v{side:.1f}h-{side:.1f}z"
            for i, j in np.argwhere(levels == level)
        )
        if squares:
            parts.append(f'<path d="{squares}" fill="{BLUE}" fill-opacity="{shade}"/>')
    return parts


def _histogram(x: float, y: float, z: np.ndarray) -> list[str]:
    """One parameter, with its prior."""
    heights, edges = np.histogram(z, BINS * 2, (-RANGE, RANGE), density=True)
    middles = (edges[:-1] + edges[1:]) / 2
    top = max(heights.max(), norm.pdf(0.0))
    side, floor = (CELL - 4) / len(heights), y + CELL - 4

    def line(values: np.ndarray) -> str:
        return " ".join(f"{x + (k + 0.5) * side:.1f},{floor - v / top * (CELL - 8):.1f}" for k, v in enumerate(values))

    bars = "".join(
        f"M{x + k * side:.1f} {floor:.1f}v{-height / top * (CELL - 8):.1f}h{side:.1f}V{floor:.1f}z"
        for k, height in enumerate(heights) if height > 0
    )  # fmt: skip
    return [
        f'<path d="{bars}" fill="{BLUE}" fill-opacity="0.6"/>',
        f'<polyline points="{line(norm.pdf(middles))}" fill="none" stroke="{INK}" stroke-opacity="0.5"/>',
        f'<path d="M{x:.0f} {floor:.1f}h{CELL - 4}" stroke="{GREY}"/>',
    ]


def predictive(rows: Sequence[Values]) -> str:
    """History (red) in the 5-95 and 25-75 % of runs with the posterior (blue), and 5-95 % with the priors (grey)."""
    parts: list[str] = []
    y = 24.0
    for unit, title, scale in (
        ("h", "Days from H-hour (* the fit saw it, cut at the order to stop)", _days),
        ("men", "Losses and prisoners, men", _logarithm), ("tanks", "Tanks written off", _logarithm),
        ("hours", "Fuel halts, hours", _logarithm), ("km/day", "Rates of advance, km a day", _logarithm),
    ):  # fmt: skip
        own = [row for row in rows if row["unit"] == unit]
        if own:
            parts.append(f'<text x="10" y="{y:.0f}" font-weight="bold">{escape(title)}</text>')
            drawn, y = _forest(own, y + 8, scale)
            parts += drawn
            y += 26
    return page(NAME + PLOT + 40, y, parts)


def _days(value: float) -> float:
    return value / 24.0


def _logarithm(value: float) -> float:
    return float(np.log10(max(value, 1.0)))


def _forest(rows: Sequence[Values], y: float, scale: Any) -> tuple[list[str], float]:
    """Lines one below the other on a common scale, and where they end."""
    least = min(scale(value) for row in rows for value in (row["low"], row["posterior"]["q05"]))
    most = max(scale(value) for row in rows for value in (row["high"], row["posterior"]["q95"]))
    room = max(most - least, 1e-9)

    def at(value: float) -> float:
        return NAME + PLOT * float(np.clip((scale(value) - least) / room, 0.0, 1.0))

    parts, top = [], y
    for row in rows:
        y += LINE
        after, before = row["posterior"], row["prior"]
        parts.append(_text(NAME - 10, y + 3, row["name"] + (" *" if row["fitted"] else ""), "end"))
        parts.append(_bar(at(before["q05"]), at(before["q95"]), y + 4, 2, GREY))
        parts.append(_bar(at(after["q05"]), at(after["q95"]), y, 3, BLUE, 0.5))
        parts.append(_bar(at(after["q25"]), at(after["q75"]), y, 6, BLUE))
        parts.append(_bar(at(row["low"]), at(row["high"]), y - 1, 2, RED))
        parts.append(f'<circle cx="{at(row["observed"]):.1f}" cy="{y:.1f}" r="3" fill="{RED}"/>')
    low, high = (f"{value:.0f}" if scale is _days else f"{10**value:,.0f}" for value in (least, most))
    parts += [f'<path d="M{NAME} {top + 4:.0f}V{y + 8:.0f}" stroke="{GREY}"/>', _text(NAME, y + 20, low, "middle"),
              _text(NAME + PLOT, y + 20, high, "middle")]  # fmt: skip
    return parts, y + 12


def _bar(left: float, right: float, y: float, thick: float, colour: str, opacity: float = 1.0) -> str:
    width = max(right - left, 1.0)
    return (
        f'<rect x="{left:.1f}" y="{y - thick / 2:.1f}" width="{width:.1f}" height="{thick}" fill="{colour}" '
        f'fill-opacity="{opacity}"/>'
    )


def _text(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text x="{x:.0f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
