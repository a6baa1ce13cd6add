"""Checks across the files of a campaign: words of closed lists, names that must exist, sums that must fit."""

from collections import defaultdict
from collections.abc import Iterable

from khingan.errors import suggestion
from khingan.evidence.record import Row
from khingan.evidence.unit_names import UNITS
from khingan.scenario.check_claims import check_claims
from khingan.scenario.check_map import check_map
from khingan.scenario.check_orders import check_orders
from khingan.scenario.draft import Draft
from khingan.scenario.schema import Air, Army, Formation, Lift, Order, Place, Rating, Season, Supply, Works
from khingan.scenario.vocabulary import (
    GRADES,
    LIFT_MODES,
    ORDER_KINDS,
    POSTURES,
    ROLES,
    SUPPLY_KINDS,
    TYPES,
    WORKS,
)

# Table, column and the closed list its words come from.
WORDS: tuple[tuple[type[Row], str, Iterable[str]], ...] = (
    (Formation, "type", TYPES),
    (Rating, "type", TYPES),
    (Formation, "role", ROLES),
    (Formation, "posture", POSTURES),
    (Order, "kind", ORDER_KINDS),
    (Works, "strength", WORKS[1:]),
    (Lift, "mode", LIFT_MODES),
    (Supply, "kind", SUPPLY_KINDS),
    (Supply, "unit", UNITS),
    (Place, "grade", GRADES),
)

# Table, column, the kind of name it holds, and whether the cell must be filled.
REFERENCES: tuple[tuple[type[Row], str, str, bool], ...] = (
    (Army, "operation", "operation", False),
    (Army, "headquarters", "place", True),
    (Formation, "army", "army", True),
    (Formation, "plan", "plan", False),
    (Formation, "fallback", "place", False),
    (Formation, "works", "works", False),
    (Formation, "parent", "formation", False),
    (Order, "plan", "plan", False),
    (Works, "place", "place", False),
    (Lift, "order", "order", True),
    (Lift, "formation", "formation", True),
    (Lift, "origin", "place", True),
    (Lift, "destination", "place", True),
    (Supply, "army", "army", False),
    (Supply, "place", "place", False),
    (Air, "front", "front", True),
    (Season, "region", "region", True),
)


def check_draft(draft: Draft) -> None:
    """Note every problem that one row alone does not show."""
    _check_words(draft)
    _check_references(draft)
    _check_army_lists(draft)
    _check_formations(draft)
    _check_detachments(draft)
    _check_steps(draft)
    _check_limits(draft)
    check_orders(draft)
    check_claims(draft)
    check_map(draft)


def _check_words(draft: Draft) -> None:
    for model, column, words in WORDS:
        for row in draft.rows(model):
            word = getattr(row, column)
            if word not in words:
                draft.report(row, column, f"unknown {column} '{word}'", suggestion(word, words))


def _check_references(draft: Draft) -> None:
    for model, column, kind, required in REFERENCES:
        for row in draft.rows(model):
            check_name(draft, row, column, kind, getattr(row, column), required)
    for formation in draft.rows(Formation):
        if not formation.off_map:
            check_name(draft, formation, "place", "place", formation.place, False)
    for plan in draft.plans:
        check_name(draft, plan, "army", "army", plan.army, True)
        for leg in plan.legs:
            check_name(draft, plan, "legs", "place", leg, True)


def check_name(draft: Draft, row: Row, column: str, kind: str, name: str, required: bool) -> None:
    """Note a name that does not exist, or a missing one that must be there."""
    names = draft.names(kind)
    if not name:
        if required:
            draft.report(row, column, f"{column} is empty", f"name the {kind}")
    elif names is not None and name not in names:
        draft.report(row, column, f"unknown {kind} '{name}'", suggestion(name, names))


def _check_army_lists(draft: Draft) -> None:
    """Armies named by operations and headquarters exist; an army obeys one headquarters."""
    armies, tree = draft.names("army"), draft.trees["calendar"]
    if armies is None:
        return
    operations = draft.calendar.operations if draft.calendar else ()
    named = [(number, *each) for number, operation in enumerate(operations) for each in enumerate(operation.armies)]
    for number, index, army in named:
        if tree and army not in armies:
            path = ("operations", number, "armies", index)
            draft.problems.append(tree.problem(path, f"unknown army '{army}'", suggestion(army, armies)))
    heard: dict[str, str] = {}
    for headquarters in draft.surrender.headquarters if draft.surrender else ():
        for army in headquarters.armies:
            check_name(draft, headquarters, "armies", "army", army, True)
            if army in heard:
                what = f"army '{army}' stands also under {heard[army]}"
                draft.report(headquarters, "armies", what, "name it once")
            heard[army] = headquarters.key


def _check_formations(draft: Draft) -> None:
    sides = {army.army: army.side for army in draft.rows(Army)}
    plan_names = {plan.key: plan for plan in draft.plans}
    for formation in draft.rows(Formation):
        side = sides.get(formation.army, formation.side)
        if side != formation.side:
            draft.report(formation, "side", f"side {formation.side}, but its army is of {side}", f"write {side}")
        plan = plan_names.get(formation.plan)
        if plan and sides.get(plan.army, formation.side) != formation.side:
            what = f"plan '{plan.key}' belongs to the other side's army {plan.army}"
            draft.report(formation, "plan", what, "name a plan of its own side")


def _check_detachments(draft: Draft) -> None:
    """What is counted inside a formation is not more than the formation; nothing is inside itself."""
    formations = {formation.formation: formation for formation in draft.rows(Formation)}
    inside: dict[str, list[Formation]] = defaultdict(list)
    for formation in formations.values():
        if formation.parent:
            inside[formation.parent].append(formation)
        if _contains_itself(formation, formations):
            draft.report(formation, "parent", f"'{formation.formation}' is inside itself", "name the larger formation")
    for name, parts in inside.items():
        parent = formations.get(name)
        for column in ("men", "tanks", "guns", "aircraft"):
            total = sum(getattr(part, column) for part in parts)
            if parent and total > getattr(parent, column):
                what = f"detachments of '{name}' have {total:g} {column}, it has {getattr(parent, column):g}"
                draft.report(parent, column, what, "raise the formation or lower what is counted inside it")


def _contains_itself(formation: Formation, formations: dict[str, Formation]) -> bool:
    name, seen = formation.parent, set[str]()
    while name in formations and name not in seen:
        if name == formation.formation:
            return True
        seen.add(name)
        name = formations[name].parent
    return False


def _check_steps(draft: Draft) -> None:
    """A day is a whole number of steps, and the map's box is no inverted box."""
    calendar, tree = draft.calendar, draft.trees["calendar"]
    if not calendar or not tree:
        return
    if 24 / calendar.step_hours % 1:
        what = f"step_hours {calendar.step_hours:g} does not divide a day"
        draft.problems.append(tree.problem(("step_hours",), what, "write a divisor of 24"))
    extent = calendar.extent
    if extent.south >= extent.north or extent.west >= extent.east:
        what = "the extent has no area"
        draft.problems.append(tree.problem(("extent",), what, "write south below north and west below east"))
    for side in {"SU", "JP"} - set(calendar.sides):
        draft.problems.append(tree.problem(("sides",), f"side {side} is missing", f"add {side}"))


def _check_limits(draft: Draft) -> None:
    """Orders not to enter claimed ground rest on a claim, and the map says whose ground is claimed."""
    calendar, tree = draft.calendar, draft.trees["calendar"]
    if not calendar or not tree:
        return
    for side, claim in calendar.limits.items():
        if draft.ledger_whole and claim not in draft.ledger.names:
            what = f"unknown claim '{claim}'"
            draft.problems.append(tree.problem(("limits", side), what, suggestion(claim, draft.ledger.names)))
    if calendar.limits and draft.terrain and "claimed" not in draft.terrain.cells:
        what = "a side keeps to its limits, and the map does not say whose ground is claimed"
        remedy = "build the terrain with a column claimed, or leave limits out"
        draft.problems.append(tree.problem(("limits",), what, remedy))
