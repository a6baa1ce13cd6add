"""Published losses and prisoners beside the men the model lost, at the end of the last day they were counted for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    "killed and missing": (("killed", "captured"), "killed_and_missing", "men"),
    "wounded": (("wounded",), "wounded", "men"),
    "killed and wounded": (("killed", "captured", "wounded"), "killed_and_wounded", "men"),
    "sanitary": (("wounded", "sick"), "sanitary_losses", "men"),
    "sick": (("sick",), "sick", "men"),
    "dead of no enemy": (("died",), "dead_of_no_enemy", "men"),
    "tanks and SP guns written off": (("tanks_lost",), "tanks_written_off", "tanks"),
    "prisoners": (("captured",), "prisoners", "men"),
    "prisoners taken": (("prisoners",), "prisoners", "men"),
    "registered prisoners": (("captured",), "prisoners", "men"),
}
# What parameters may be fitted to: losses in battle and, apart from them, without one. Prisoners and tanks are checks.
FITTED = ("killed", "killed and missing", "wounded", "sick", "dead of no enemy")
SHIPS = ("naval", "river-flotilla")


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

    @property
    def has_like(self) -> bool:
        """Whether the model has the like of it."""
        return self.word in VARIABLE and bool(self.armies)

    @property
    def key(self) -> str:
        """The name of its row."""
        return row_key(VARIABLE[self.word][1], self.whose)

    @property
    def fitted(self) -> bool:
        """Whether parameters may be fitted to it: not to those of a single army or fleet, which are few."""
        return self.word in FITTED and len(self.armies) > 1


def loss_rows(result: Result, scenario: Scenario, history: History) -> tuple[list[ComparisonRow], list[str]]:
    """A row for each published figure the model has the like of, and the names of those it has not."""
    figures = published(scenario, history)
    likes = [figure for figure in figures if figure.has_like and _told(result, figure)]
    without = [f"{figure.word} ({figure.whose})" for figure in figures if figure not in likes]
    fleets = fleets_of(scenario)
    return [_row(figure, total(result, scenario, figure), fleets) for figure in likes], without


def _told(result: Result, figure: Figure) -> bool:
    """Whether the study says it: who took prisoners is not told by those of before it was recorded."""
    return "prisoners" not in VARIABLE[figure.word][0] or "prisoners" in result.ensemble


def fleets_of(scenario: Scenario) -> set[str]:
    """The armies that command ships. What is lost with a ship at sea the model does not tell."""
    return {row.army for row in scenario.formations if row.type in SHIPS}


def published(scenario: Scenario, history: History) -> list[Figure]:
    """Every published loss and count of prisoners, with the armies it counts."""
    figures = [_figure(_named(scenario, row.front), row.measure, row, _losers(scenario, row.front))
               for row in history.losses]  # fmt: skip
    for row in history.prisoners:
        takers = _takers(scenario, row.group) if row.quantity == "prisoners" else []
        word = "prisoners taken" if takers else row.quantity
        figures.append(_figure(row.group, word, row, takers or _captives(scenario, row.group)))
    return figures


def last_day(scenario: Scenario) -> int:
    """Index of the day that begins with the official end: losses were counted to its evening."""
    return (scenario.calendar.counted_to - scenario.calendar.h_hour).days


def _figure(whose: str, word: str, row: Loss | Prisoners, armies: list[str]) -> Figure:
    low = row.best if row.low is None else row.low
    high = row.best if row.high is None else row.high
    return Figure(whose, word, low, row.best, high, row.grade, armies)


def _named(scenario: Scenario, front: str) -> str:
    """Armies that stand as keys, by their names and that of their front; whatever else has lost, as it is."""
    own = {army.name: army.front for army in scenario.armies if army.army in _keys(front)}
    return f"{' and '.join(own)} ({', '.join(dict.fromkeys(own.values()))})" if own else " and ".join(_keys(front))


def _keys(front: str) -> list[str]:
    return [key.strip() for key in front.split(";")]


def _losers(scenario: Scenario, front: str) -> list[str]:
    """The armies of a front, or of several, or those that stand as keys.

    A name that neither has stands for the side whose full name begins with the same word.
    """
    own = [army.army for army in scenario.armies if {army.front, army.army} & set(_keys(front))]
    if own:
        return own
    first = front.split()[0]
    sides = [key for key, side in scenario.calendar.sides.items() if side.name.replace(",", " ").split()[0] == first]
    return [army.army for army in scenario.armies if army.side in sides]


def _takers(scenario: Scenario, front: str) -> list[str]:
    """The armies in the operations of a front of the attacker, whose prisoners are the front's; fleets work with it."""
    own = [army for army in scenario.armies if army.side == scenario.calendar.control_side]
    operations = {army.operation for army in own if army.front == front}
    return [army.army for army in own if army.operation in operations]


def _captives(scenario: Scenario, group: str) -> list[str]:
    """The defender's armies met in an operation, or all of them."""
    others = [army for army in scenario.armies if army.side != scenario.calendar.control_side]
    return [army.army for army in others if group in ("all", army.operation)]


def total(result: Result, scenario: Scenario, figure: Figure) -> Array:
    """(run,) men or tanks of the figure's armies by the end of the last day they were counted for."""
    names = result.names("army")
    unknown = sorted(set(figure.armies) - set(names))
    if unknown:
        raise KhinganError(str(result.folder), f"no army {unknown[0]!r} in this study", "play the campaign again")
    columns: Sequence[int] = [names.index(army) for army in figure.armies]
    men = np.zeros(result.runs)
    for name in VARIABLE[figure.word][0]:
        values = result.values(name)
        day = min(last_day(scenario), values.shape[1] - 1)
        men += values[:, day, columns].sum(axis=1, dtype=np.float64)
    return men


def _row(figure: Figure, values: Array, fleets: set[str]) -> ComparisonRow:
    _, word, unit = VARIABLE[figure.word]
    known = figure.low, figure.best, figure.high
    row = figure_row(word, unit, figure.whose, known, figure.grade, values, figure.fitted)
    return replace(row, of_ships=set(figure.armies) <= fleets)


def row_key(word: str, whose: str) -> str:
    """The name of the row of a published figure."""
    return re.sub(r"[^a-z0-9]+", "-", f"{word}-{whose}".lower()).strip("-")


def figure_row(
    word: str, unit: str, whose: str, published: tuple[float, float, float], grade: str, values: Array,
    fitted: bool = False,
) -> ComparisonRow:  # fmt: skip
    """A published figure (low, best, high) beside the model's in every run (run,); no null says anything of it."""
    low, best, high = published
    q05, q25, median, q75, q95 = (float(value) for value in np.quantile(values, (0.05, 0.25, 0.5, 0.75, 0.95)))
    return ComparisonRow(
        target=row_key(word, whose),
        group="losses",
        phase="campaign",
        measure=word,
        fitted=fitted,
        unit=unit,
        observed_low=low,
        observed=best,
        observed_high=high,
        q05=q05,
        median=median,
        q95=q95,
        rank=rank(values, low, high),
        crps=crps(values, best),
        null_crps={"plan": None, "calendar": None, "distance": None},
        never=0.0,
        inside=meets(low, high, q05, q95),
        axis="",
        place=whose,
        grade=grade,
        q25=q25,
        q75=q75,
    )
