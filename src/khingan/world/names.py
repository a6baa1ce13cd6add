"""Names and the numbers that stand for them on the other side of the border."""

from dataclasses import dataclass, field

from khingan.scenario.schema import Scenario
from khingan.scenario.vocabulary import COVERS, RELIEFS

# Ground classes of the rule tables, in their order.
GROUNDS = (
    "rugged-wooded", "rugged-mixed", "rugged-bare", "rolling-wooded", "rolling-mixed", "rolling-bare", "flat-wooded",
    "flat-mixed", "flat-bare", "desert", "dunes", "swamp", "urban",
)  # fmt: skip
_DENSITY = {"forest": "wooded", "farmland": "mixed", "steppe": "bare", "tundra": "bare", "desert": "bare"}


def ground_of(relief: str, cover: str) -> str:
    """The ground class of a cell from its relief and cover."""
    if cover in ("dunes", "urban"):
        return cover
    if cover == "wetland":
        return "swamp"
    if cover == "desert" and relief == "flat":
        return "desert"
    return f"{relief}-{_DENSITY[cover]}"


GROUND_OF = {(relief, cover): ground_of(relief, cover) for relief in RELIEFS for cover in COVERS}


@dataclass(frozen=True)
class Names:
    """The names of a world's numbers; the position in each tuple is the number."""

    cells: tuple[str, ...]
    formations: tuple[str, ...]
    armies: tuple[str, ...]
    fronts: tuple[str, ...]
    works: tuple[str, ...]
    lifts: tuple[str, ...]
    orders: tuple[str, ...]
    plans: tuple[str, ...]
    regions: tuple[str, ...]
    sides: tuple[str, ...]
    parameters: tuple[str, ...]
    index: dict[str, dict[str, int]] = field(repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        for kind in (
            "cells", "formations", "armies", "fronts", "works", "lifts", "orders", "plans", "regions", "sides",
            "parameters",
        ):  # fmt: skip
            self.index[kind] = {name: number for number, name in enumerate(getattr(self, kind))}

    def number(self, kind: str, name: str) -> int:
        """The number of a name; -1 for the empty name."""
        return self.index[kind][name] if name else -1


def name_all(scenario: Scenario, parameters: tuple[str, ...]) -> Names:
    """Number everything the campaign names; the control side is side 0."""
    control = scenario.calendar.control_side
    sides = (control, scenario.calendar.sides[control].adversary)
    return Names(
        cells=tuple(scenario.terrain.cells["cell"].tolist()),
        formations=tuple(formation.formation for formation in scenario.formations),
        armies=tuple(army.army for army in scenario.armies),
        fronts=tuple(sorted({army.front for army in scenario.armies})),
        works=tuple(works.works for works in scenario.works),
        lifts=tuple(lift.lift for lift in scenario.lifts),
        orders=tuple(order.order for order in scenario.orders),
        plans=tuple(plan.key for plan in scenario.plans),
        regions=tuple(region.region for region in scenario.weather),
        sides=sides,
        parameters=parameters,
    )
