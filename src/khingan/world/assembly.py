"""The border for an assembly: lines, movements and dated strengths become arrays and disputable numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from khingan.engine import deployment
from khingan.engine.state import NONE
from khingan.evidence.parameters import Parameter
from khingan.scenario.assembly import Assembly
from khingan.scenario.schema import Scenario
from khingan.world.quantities import Quantity, quantity

EARLIEST_DAYS = 30  # before the first train is said to be ready, by which it may be ready all the same
FOLLOWED_DAYS = 400  # that trains are followed


@dataclass(frozen=True)
class AssemblyPlan:
    """An assembly as arrays, and every number that a reading of the ledger may change; days count from `begins`."""

    begins: datetime
    sections: np.ndarray  # (section,) SECTION
    movements: np.ndarray  # (movement,) MOVEMENT
    quantities: dict[str, dict[str, Quantity]]  # by record and field
    level_days: dict[str, np.ndarray]  # level -> (row,) days
    levels: dict[str, Quantity]  # level -> (row,)
    parameters: dict[str, Parameter]  # of the mechanism of deployment


def compile_assembly(scenario: Scenario, assembly: Assembly, parameters: Mapping[str, Parameter]) -> AssemblyPlan:
    """Compile the assembly of a checked scenario."""
    begins = min(row.ready for row in assembly.movements) - timedelta(days=EARLIEST_DAYS)
    names = [row.section for row in assembly.sections]
    sections = np.zeros(len(names), deployment.SECTION).view(np.recarray)
    sections.after = [names.index(row.after) if row.after else NONE for row in assembly.sections]
    sections.axis = NONE
    movements = np.zeros(len(assembly.movements), deployment.MOVEMENT).view(np.recarray)
    movements.section = [names.index(row.section) for row in assembly.movements]
    movements.waits = [row.waits == "yes" for row in assembly.movements]
    movements.needed = [row.needed == "yes" for row in assembly.movements]
    series = dict.fromkeys(row.level for row in assembly.levels)
    return AssemblyPlan(
        begins=begins,
        sections=sections,
        movements=movements,
        quantities=_quantities(scenario, assembly, begins),
        level_days={name: np.array([days_after(begins, row.day) for row in assembly.level(name)]) for name in series},
        levels={name: _taken(scenario, assembly.level(name), "value", "claim") for name in series},
        parameters={key: found for key, found in parameters.items() if key.startswith("deployment.")},
    )


def days_after(first: datetime, then: datetime) -> float:
    """Days from one moment to another."""
    return (then - first).total_seconds() / 86400


def _taken(scenario: Scenario, rows: Sequence[Any], field: str, claim: str) -> Quantity:
    return quantity(
        scenario.ledger, [getattr(r, field) for r in rows], [getattr(r, claim) for r in rows], [field] * len(rows)
    )


def _quantities(scenario: Scenario, assembly: Assembly, begins: datetime) -> dict[str, dict[str, Quantity]]:
    """Every disputable number, by the fields of the engine's readings."""
    rows = assembly.movements
    return {
        "sections": {
            "trains_per_day": _taken(scenario, assembly.sections, "trains_per_day", "claim"),
            "km": _taken(scenario, assembly.sections, "km", "km_claim"),
        },
        "movements": {
            "trains": _taken(scenario, rows, "trains", "claim"),
            "divisions": quantity(scenario.ledger, [r.divisions for r in rows], [""] * len(rows), [""] * len(rows)),
            "ready_day": quantity(
                scenario.ledger,
                [days_after(begins, r.ready) for r in rows],
                [""] * len(rows),  # its spread has a parameter of its own
                [""] * len(rows),
            ),
            "load_days": quantity(scenario.ledger, [r.load_days for r in rows], [""] * len(rows), [""] * len(rows)),
            "march_km": _taken(scenario, rows, "march_km", "march_claim"),
        },
    }
