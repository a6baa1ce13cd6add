"""Published losses and prisoners beside the men the model lost, at the end of the last day they were counted for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from khingan.errors import KhinganError
from khingan.history.comparison import ComparisonRow
from khingan.history.score import Array, crps, meets, rank
from khingan.history.targets import History, Loss, Prisoners
from khingan.scenario.schema import Scenario
from khingan.simulation.result import Result

# Published word -> the model's variables that add up to it, the word of the comparison, and the unit. Irrecoverable are
# the killed and missing, those taken, and those dead of sickness and accidents; sanitary are the wounded and the sick.
VARIABLE = {
    "irrecoverable": (("killed", "captured", "died"), "irrecoverable_losses", "men"),
    "killed": (("killed",), "killed", "men"),
    "sanitary": (("wounded", "sick"), "sanitary_losses", "men"),
    "tanks and SP guns written off": (("tanks_lost",), "tanks_written_off", "tanks"),
    "prisoners": (("captured",), "prisoners", "men"),
    "registered prisoners": (("captured",), "prisoners", "men"),
}


@dataclass(frozen=True)
class Figure:
    """A published total, the armies of the model it counts, and the words it goes by."""

    whose: str
    word: str
    low: float
    best: float
    high: float
    grade: str
    armies: list[str]


def loss_rows(result: Result, scenario: Scenario, history: History) -> tuple[list[ComparisonRow], list[str]]:
    """A row for each published figure the model has the like of, and the names of those it has not."""
    day = min(_day(scenario), result.dataset.sizes["day"] - 1)
    figures = [_figure(row.front, row.measure, row, _losers(scenario, row.front)) for row in history.losses]
    figures += [_figure(row.group, row.quantity, row, _captives(scenario, row.group)) for row in history.prisoners]
    likes = [figure for figure in figures if figure.word in VARIABLE and figure.armies]
    without = [f"{figure.word} ({figure.whose})" for figure in figures if figure not in likes]
    return [_row(figure, _total(result, figure, day)) for figure in likes], without


def _day(scenario: Scenario) -> int:
    """Index of the day that begins with the official end: losses were counted to its evening."""
    return (scenario.calendar.counted_to - scenario.calendar.h_hour).days


def _figure(whose: str, word: str, row: Loss | Prisoners, armies: list[str]) -> Figure:
    low = row.best if row.low is None else row.low
    high = row.best if row.high is None else row.high
    return Figure(whose, word, low, row.best, high, row.grade, armies)


def _losers(scenario: Scenario, front: str) -> list[str]:
    """The armies of a front; a name no army has stands for the side whose full name begins with the same word."""
    own = [army.army for army in scenario.armies if army.front == front]
    if own:
        return own
    first = front.split()[0]
    sides = [key for key, side in scenario.calendar.sides.items() if side.name.replace(",", " ").split()[0] == first]
    return [army.army for army in scenario.armies if army.side in sides]


def _captives(scenario: Scenario, group: str) -> list[str]:
    """The defender's armies met in an operation, in the operations of a front, or all of them."""
    control = scenario.calendar.control_side
    met = {army.operation for army in scenario.armies if army.side == control and army.front == group} | {group}
    others = [army for army in scenario.armies if army.side != control]
    return [army.army for army in others if group == "all" or army.operation in met]


def _total(result: Result, figure: Figure, day: int) -> Array:
    """(run,) men or tanks of the figure's armies by the end of a day."""
    names = result.names("army")
    unknown = sorted(set(figure.armies) - set(names))
    if unknown:
        raise KhinganError(str(result.folder), f"no army {unknown[0]!r} in this study", "play the campaign again")
    columns: Sequence[int] = [names.index(army) for army in figure.armies]
    total = np.zeros(result.dataset.sizes["run"])
    for name in VARIABLE[figure.word][0]:
        total += result.dataset[name].isel(day=day).values[:, columns].sum(axis=1, dtype=np.float64)
    return total


def _row(figure: Figure, total: Array) -> ComparisonRow:
    q05, median, q95 = (float(value) for value in np.quantile(total, (0.05, 0.5, 0.95)))
    _, word, unit = VARIABLE[figure.word]
    return ComparisonRow(
        target=f"{word}-{figure.whose}".lower().replace(" ", "-").replace("_", "-"),
        group="losses",
        phase="campaign",
        measure=word,
        fitted=False,
        unit=unit,
        observed_low=figure.low,
        observed=figure.best,
        observed_high=figure.high,
        q05=q05,
        median=median,
        q95=q95,
        rank=rank(total, figure.low, figure.high),
        crps=crps(total, figure.best),
        null_crps={"plan": None, "calendar": None, "distance": None},
        never=0.0,
        inside=meets(figure.low, figure.high, q05, q95),
        axis="",
        place=figure.whose,
        grade=figure.grade,
    )
