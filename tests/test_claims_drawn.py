"""Every claim with a range that a campaign uses is drawn, or stands here with the reason why it is not."""

from collections.abc import Iterator
from datetime import datetime

import numpy as np
import pytest

from khingan.evidence.ledger import Claim
from khingan.scenario.cells import Cell, disputable_cells, scenario_rows
from khingan.scenario.prelude import prelude_rows
from khingan.simulation.draws import arrays_read
from khingan.simulation.settings import DRAWN as USUAL
from khingan.simulation.settings import Settings
from khingan.world.compile import World
from khingan.world.quantities import Quantity, key_of
from worlds import world_of

CAMPAIGNS = ("far-east-1945", "khalkhin-gol-1939", "lake-khasan-1938", "kantokuen-1941", "plan-1933")

# Column -> the numbers of the world that a run draws it with.
DRAWN = {
    "Formation": {"men": "muster.men", "tanks": "muster.tanks logistics.support_men", "guns": "muster.guns",
                  "effectiveness": "muster.quality", "aircraft": "logistics.sorties muster.men"},
    "Rating": {"men": "muster.rated"},
    "Air": dict.fromkeys(("aircraft", "serviceable", "sorties_per_aircraft_day"), "logistics.sorties"),
    "Supply": {"value": "logistics"},
    "WeatherRegion": {name: f"logistics.{name}" for name in ("wet_to_wet", "dry_to_wet", "wet_at_start")},
    "Lift": dict.fromkeys(("distance_km", "speed_kmh", "load_h"), "passage_h")
    | {"interval_h": "interval_h", "guns": "ship_guns", "first_wave": "stated.wave"},
    "Order": {"starts": "start_h"},
    "Plan": {"starts": "stated.plan_start_h"},
    "Works": {"prepared_days": "stated.prepared_days"},
    "Headquarters": {"spread_h": "stated.spread_h"},
    "RailSection": {"trains_per_day": "prelude", "km": "prelude"},
    "Movement": {"trains": "prelude", "march_km": "prelude"},
    "Channel": dict.fromkeys(("share", "hidden", "decoys"), "prelude"),
    "Observer": dict.fromkeys(("months", "treaty", "need", "heed", "axis_share"), "prelude"),
}  # fmt: skip

# Drawn by a key of the row's own, because each row errs by itself; tests/simulation/test_draws.py sees that they are.
BY_ROW = {"Formation": ("lat", "lon"), "Place": ("lat", "lon")}

NOT_DRAWN = {
    "Works": dict.fromkeys(("lat", "lon"), "the claim is of time spent; works stand where the map has them"),
    "Order": {"spread_h": "said of the source; the delay of an order is a parameter, command.delay_h"},
    "Plan": {"echelon": "a rank, not a measure"},
    "Movement": {"divisions": "what the trains carry; their number is drawn",
                 "load_days": "deployment has a parameter for what trains lose",
                 "ready": "deployment.release_shift draws it for all movements together"},
    "Season": dict.fromkeys(("rain", "thaw", "frost", "snow", "ice", "flying", "sickness"),
                            "weather.season_shift draws the whole year early or late"),
    "Channel": {"assumed": "what the observer took for granted, not what was so"},
    "PreludeDate": {"day": "the calendar on which the months before are counted"},
    "Raised": {"raised": "weeks against a doubt of hours"},
    "Earlier": {"until": "weeks against a doubt of days", "away": "there or not", "place": "as Move: a what-if's place",
                "men": "written over the men of another date, which keep the range of their own claim"},
    "Drained": dict.fromkeys(("men", "tanks", "guns", "effectiveness"), "laid beside the months before, no input"),
    "Tied": dict.fromkeys(("tied", "insurgents", "allies_tied"), "laid beside the months before, no input"),
}  # fmt: skip

FULL_WORTH = 100  # the yardstick that all others are measured against, and the most there is

# Claims that no row of a table names, by the kind or the beginning of their names.
LAID_INTO_THE_MAP = {"place", "distance", "capacity", "drawing"}
ELSEWHERE = {
    "treaty-expectation": "politics.yaml: what each side expected, shown and read by the school's own parameters",
    "assembly-": "drawn by the assembly (simulation/assembly.py)", "level-": "drawn by the assembly",
    "season-": "drawn by the window of an assembly (experiment/window.py)",
    "limit-": "ground that a side may not enter, laid into the map",
    "orders-": "states orders that have no hour of their own here",
    "jp-presence-a": "every formation of this grade has a place of assembly with a claim of its own",
    "su-presence-a": "as jp-presence-a",
    "jp-worth": "all of full worth, which is a bound", "su-worth-new": "as jp-worth",
}  # fmt: skip


def numbers(world: World, path: str) -> Iterator[Quantity]:
    """Every quantity under the named fields of a world."""
    for name in path.split():
        found = world
        for part in name.split("."):
            found = getattr(found, part)
        yield from within(found)


def within(thing: object) -> Iterator[Quantity]:
    if isinstance(thing, Quantity):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from within(value)
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from within(getattr(thing, name))


def has_range(cell: Cell, claim: Claim) -> bool:
    """Whether a claim leaves this cell open: a factor any number but 0, kilometres a point, hours a time."""
    if claim.shift:
        return cell.column in {"km": ("lat", "lon"), "h": ("starts", "issued", "order", "day", "raised", "ready")}[
            claim.shift_unit
        ] and bool(cell.value)
    if cell.column == "effectiveness" and cell.value == FULL_WORTH:
        return False
    return claim.low < claim.high and not isinstance(cell.value, str | tuple | datetime | None) and cell.value != 0


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_every_claim_with_a_range_is_drawn_or_says_why_not(campaign: str) -> None:
    scenario, world = world_of(campaign)
    open_keys: dict[str, set[int]] = {}
    missed = []
    for row in (*scenario_rows(scenario), *prelude_rows(scenario)):
        for cell in disputable_cells(row):
            claim, kind = scenario.ledger.claims[cell.claim], type(row).__name__
            if not has_range(cell, claim) or cell.column in (*BY_ROW.get(kind, ()), *NOT_DRAWN.get(kind, {})):
                continue
            path = DRAWN.get(kind, {}).get(cell.column, "")
            if path not in open_keys:
                open_keys[path] = {
                    key for q in numbers(world, path) for key in q.claim[(q.below < 0) | (q.above > 0)].tolist()
                }
            if key_of(cell.claim) not in open_keys[path]:
                missed.append((kind, cell.column, cell.claim))
    assert not set(missed)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
def test_claims_that_no_table_names_are_known(campaign: str) -> None:
    scenario, _ = world_of(campaign)
    rows = (*scenario_rows(scenario), *prelude_rows(scenario))
    used = {cell.claim for row in rows for cell in disputable_cells(row)}
    ranged = [claim for claim in scenario.ledger.claims.values() if claim.low < claim.high or claim.shift]
    left = [claim.claim for claim in ranged if claim.claim not in used and claim.kind not in LAID_INTO_THE_MAP]
    assert not [name for name in left if not name.startswith(tuple(ELSEWHERE))]


def test_nothing_open_is_drawn_by_best() -> None:
    """The tables of the world stand as they are, bit by bit, where claims are read at their best."""
    world = world_of("far-east-1945")[1]
    assert all(one is world.arrays for one in arrays_read(world, Settings("median", "best"), 7, 0, 2))
    read = arrays_read(world, USUAL, 7, 0, 2)
    assert not np.array_equal(read[0].headquarters.spread_h, read[1].headquarters.spread_h)
    at_once = world.arrays.plans.start_h[:-1] == 0
    assert (read[0].plans.start_h[:-1][at_once] == 0).all()
    assert not np.array_equal(read[0].plans.start_h, read[1].plans.start_h)
