"""Checks of orders: their conditions can be read, and what they command exists."""

from typing import get_args

from khingan.errors import suggestion
from khingan.scenario.draft import Draft
from khingan.scenario.schema import Lift, Order, Side

GRAMMAR = "write held:PLACE:SIDE, order:ORDER or ceased:PLACE, joined by ' & '"
LANDINGS = ("land", "air_land")
MARCHES = ("attack", "withdraw", "clear")


def check_orders(draft: Draft) -> None:
    """Note what is wrong with orders; an order of kind none commands nothing, so its names are not looked up.

    Beside a plan the objective is told in words; without one it is the place to march to.
    """
    landed = {lift.order for lift in draft.rows(Lift)}
    lifts_known = draft.table(Lift).csv.whole
    for order in draft.rows(Order):
        for term in order.condition:
            _check_condition(draft, order, term)
        if order.kind == "none":
            continue
        _check_addressees(draft, order)
        places = draft.names("place")
        if order.kind in MARCHES and not order.plan and places is not None and order.objective not in places:
            what = f"an order to {order.kind} with no plan, and its objective '{order.objective[:40]}' is no place"
            draft.report(order, "objective", what, "name a plan, or a place of places.csv as objective")
        if order.kind in LANDINGS and lifts_known and order.order not in landed:
            what = f"no lift carries out '{order.order}'"
            draft.report(order, "kind", what, "add its rows to lifts.csv, or write kind none")


def _check_addressees(draft: Draft, order: Order) -> None:
    known = [draft.names(kind) for kind in ("formation", "army", "plan")]
    if any(names is None for names in known):
        return
    names = frozenset().union(*(found for found in known if found is not None))
    if not order.addressees:
        draft.report(order, "addressees", "the order is addressed to nobody", "name formations, armies or plans")
    for name in order.addressees:
        if name not in names:
            draft.report(order, "addressees", f"unknown addressee '{name}'", suggestion(name, names))


def _check_condition(draft: Draft, order: Order, term: str) -> None:
    kind, *parts = (part.strip() for part in term.split(":"))
    if (kind, len(parts)) not in (("held", 2), ("order", 1), ("ceased", 1)):
        draft.report(order, "condition", f"condition '{term[:60]}' cannot be read", GRAMMAR)
        return
    noun = "order" if kind == "order" else "place"
    names = draft.names(noun)
    if names is not None and parts[0] not in names:
        draft.report(order, "condition", f"unknown {noun} '{parts[0]}'", suggestion(parts[0], names))
    if kind == "order" and parts[0] == order.order:
        draft.report(order, "condition", f"order '{order.order}' waits for itself", "name the order it waits for")
    if kind == "held" and parts[1] not in get_args(Side):
        draft.report(order, "condition", f"unknown side '{parts[1]}'", suggestion(parts[1], get_args(Side)))
