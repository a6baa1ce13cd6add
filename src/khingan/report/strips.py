"""Small drawings for table rows: an interval as a bar, the median as a tick, history as a dot."""

from collections.abc import Callable

from khingan.history.comparison import ComparisonRow

WIDTH, HEIGHT, MARGIN = 250, 18, 7
NEVER_ZONE = 22


def date_strip(row: ComparisonRow, horizon_h: float) -> str:
    """One dated row on the axis of the campaign; what lies past the horizon stands in the zone at the right end."""
    return _strip(row, lambda hours: date_x(hours, horizon_h), "")


def men_strip(row: ComparisonRow) -> str:
    """One total of men on an axis of its own, from nothing to the largest figure of the row."""
    largest = max(row.q95, row.observed_high, 1.0)
    return _strip(row, lambda men: MARGIN + men / largest * (WIDTH - 2 * MARGIN), "own")


def date_x(hours: float, horizon_h: float) -> float:
    """Pixels from the left for a time."""
    if hours > horizon_h:
        return WIDTH - MARGIN
    return MARGIN + max(hours, 0.0) / horizon_h * (WIDTH - 2 * MARGIN - NEVER_ZONE)


def _strip(row: ComparisonRow, x: Callable[[float], float], kind: str) -> str:
    left, middle, right = x(row.q05), x(row.median), x(row.q95)
    low, seen, high = x(row.observed_low), x(row.observed), x(row.observed_high)
    y = HEIGHT / 2
    return (
        f'<svg class="strip {kind}" width="{WIDTH}" height="{HEIGHT}" aria-hidden="true">'
        f'<path class="axis" d="M{MARGIN} {y}H{WIDTH - MARGIN}"/>'
        f'<rect class="interval" x="{left:.1f}" y="{y - 5}" width="{max(right - left, 1.5):.1f}" height="10" rx="1"/>'
        f'<path class="median" d="M{middle:.1f} {y - 6.5}v13"/>'
        f'<path class="window" d="M{low:.1f} {y}H{high:.1f}"/>'
        f'<circle class="history" cx="{seen:.1f}" cy="{y}" r="3.4"/></svg>'
    )
