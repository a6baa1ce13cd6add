"""What lies at the bases of a front on another day than the campaign's own, by what the stores' trains have brought.

A front's stock is stated in refills and units of fire of its armies. The part that belongs to armies who came by rail
is taken to have come with the stores of their line, the part of the others to have lain there before. Grade C: no
return of a base is known, and the rule lies between two ends, that all came with the stores or lay there before.
"""

from collections.abc import Mapping
from statistics import median

import numpy as np

from khingan.engine.prelude import PreludeRecord
from khingan.evidence.parameters import read_parameters
from khingan.scenario.prelude import Movement, Prelude
from khingan.scenario.schema import Scenario
from khingan.world.depots import front_of_rows
from khingan.world.loads import refills, units_of_fire


def stock_factors(
    scenario: Scenario, prelude: Prelude, record: PreludeRecord, stated: float, asked: float
) -> dict[str, float]:
    """The factor on each row of a front's stock on the day asked for, against the day for which it is stated.

    Days from the first of the months before; `record` holds the trains of many of them.
    """
    loads = {"depot_fuel": refills(scenario, read_parameters()).best, "depot_ammunition": units_of_fire(scenario).best}
    front_of = {army.army: army.front for army in scenario.armies}
    found = {}
    for row in scenario.supply:
        if row.kind not in loads:
            continue
        front = front_of_rows(scenario, [row])
        lines = {movement.section for movement in prelude.movements if front_of.get(movement.army) == front}
        stores = [m for m, movement in enumerate(prelude.movements) if not movement.army and movement.section in lines]
        then, now = (unloaded(prelude.movements, record, stores, day) for day in (stated, asked))
        if then > 0.0 and now != then:
            share = brought(scenario, prelude, front_of, front, loads[row.kind])
            found[row.row] = 1.0 - share + share * now / then
    return found


def unloaded(movements: tuple[Movement, ...], record: PreludeRecord, which: list[int], day: float) -> float:
    """Trains of some movements that are in by a day; from the first to the last of each they come evenly."""
    total = 0.0
    for m in which:
        first, last = median(record.first_train[:, m].tolist()), median(record.last_train[:, m].tolist())
        total += movements[m].trains * min(1.0, max(0.0, (day - first) / max(1.0, last - first)))
    return total


def brought(scenario: Scenario, prelude: Prelude, front_of: Mapping[str, str], front: str, load_t: np.ndarray) -> float:
    """Share of what the loads of a front weigh that belongs to armies which came by rail."""
    railed = {movement.army for movement in prelude.movements}
    here = np.array([front_of[body.army] == front for body in scenario.formations])
    came = here & np.array([body.army in railed for body in scenario.formations])
    return float(load_t[came].sum() / max(1e-9, load_t[here].sum()))
