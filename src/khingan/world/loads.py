"""What a formation's full load weighs: fuel by tanks and men, ammunition by men, within rows of type and army."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from khingan.evidence.parameters import Parameter
from khingan.scenario.schema import Formation, Scenario, Supply
from khingan.scenario.vocabulary import MOBILITIES, TYPES
from khingan.world.quantities import Quantity, quantity

BASIC = ("rifle", "infantry")  # types whose row stands for those on foot without a row of their own
MOTOR = MOBILITIES.index("motor")
Weigh = Callable[[Formation], float]


@dataclass(frozen=True)
class Load:
    """How one class of supply is weighed."""

    kind: str  # of its rows in supply.csv
    prefix: str  # of the keys of rows by type
    weigh: Weigh  # in proportion to which a type's row is shared
    spare: Weigh  # tonnes where no row applies
    with_support: bool  # whether an army without a row of its own also has what its support rows weigh


def refills(scenario: Scenario, parameters: dict[str, Parameter]) -> Quantity:
    """Tonnes of fuel in one refill of each formation.

    A tank and the men of a motor formation weigh what the parameters say. Vehicles of army and corps troops burn with
    the formations they follow, so the field formations share an army's whole refill.
    """
    tank, man = (parameters[f"reading.{name}"].value or 0.0 for name in ("tank_refill_t", "man_refill_t"))

    def weigh(formation: Formation) -> float:
        return tank * formation.tanks + man * formation.men

    def spare(formation: Formation) -> float:
        return weigh(formation) if _mobility(formation) >= MOTOR else tank * formation.tanks

    return _weigh_all(scenario, Load("refill_t", "refill", weigh, spare, with_support=True))


def units_of_fire(scenario: Scenario) -> Quantity:
    """Tonnes of ammunition in one unit of fire of each formation, its share of the army's artillery in it."""
    return _weigh_all(scenario, Load("unit_of_fire_t", "unit-of-fire", lambda f: f.men, lambda f: 0.0, False))


def _mobility(formation: Formation) -> int:
    return MOBILITIES.index(TYPES[formation.type])


def _weigh_all(scenario: Scenario, load: Load) -> Quantity:
    rows = [row for row in scenario.supply if row.kind == load.kind]
    by_type: dict[tuple[str, str], Supply] = {
        (row.side, row.row.removeprefix(f"{load.prefix}-").removesuffix(f"-{row.side.lower()}")): row
        for row in rows
        if not row.army
    }
    by_army = {row.army: row for row in rows if row.army}
    values, claims = _by_type(scenario, load, by_type)
    for army in scenario.armies:
        _share_army(scenario, load, army.army, by_army.get(army.army), values, claims)
    return quantity(scenario.ledger, values.tolist(), claims, [formation.army for formation in scenario.formations])


def _by_type(scenario: Scenario, load: Load, rows: dict[tuple[str, str], Supply]) -> tuple[np.ndarray, list[str]]:
    """Each formation by its type's row, in proportion to its own weight against the middle one of that type."""
    weights: dict[tuple[str, str], list[float]] = {}
    for formation in scenario.formations:
        weights.setdefault((formation.side, formation.type), []).append(load.weigh(formation))
    middle = {key: float(np.median(found)) for key, found in weights.items()}
    values, claims = [], []
    for formation in scenario.formations:
        key = _row_of(formation, rows)
        if key is None or middle.get(key, 0.0) <= 0.0:
            values.append(load.spare(formation))
            claims.append("")
        else:
            values.append(rows[key].value * load.weigh(formation) / middle[key])
            claims.append(rows[key].claim)
    return np.array(values), claims


def _row_of(formation: Formation, rows: dict[tuple[str, str], Supply]) -> tuple[str, str] | None:
    """The key of the row a formation is weighed by: its type's; on foot, that of its side's plain infantry."""
    own = (formation.side, formation.type)
    if own in rows:
        return own
    on_foot = _mobility(formation) < MOTOR
    return next((key for key in ((formation.side, basic) for basic in BASIC) if on_foot and key in rows), None)


def _share_army(
    scenario: Scenario, load: Load, army: str, row: Supply | None, values: np.ndarray, claims: list[str]
) -> None:
    """Share what the whole army's load weighs among its field formations, in proportion to their own."""
    own = [number for number, formation in enumerate(scenario.formations) if formation.army == army]
    field = [number for number in own if scenario.formations[number].role == "field"]
    support = [number for number in own if scenario.formations[number].role == "support"]
    moving = values[field].sum()
    if moving <= 0.0 or not (row or load.with_support):
        return
    total = row.value if row else moving + values[support].sum()
    values[field] *= total / moving
    values[support] = 0.0
    if row:
        for number in field:
            claims[number] = row.claim
