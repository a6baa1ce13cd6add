"""Nothing of the facts the campaign was written from has been dropped on the way."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from khingan.history.targets import read_history
from khingan.scenario.catalogue import summary
from worlds import far_east

SHARED = Path(__file__).parents[2] / "shared"
FACTS = SHARED / "facts" / "campaign-1945"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not FACTS.is_dir(), reason=f"the facts are not here ({FACTS}); a fresh clone goes without them"),
]

COLUMNS = ("men", "tanks", "guns", "aircraft")
SOVIET = ("personnel_est", "tanks_sp", "guns_mortars", "aircraft")
# Rows of the facts that name no unit: what is left of an army when its divisions are taken out.
RESIDUAL = re.compile(r"residual|^Corps troops")


def rows(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(name: str) -> list[dict[str, str]]:
    return rows(f"facts/campaign-1945/{name}")


@pytest.mark.parametrize(("side", "file"), [("SU", "soviet_oob.csv"), ("JP", "japanese_oob.csv")])
def test_every_named_formation_is_in_the_order_of_battle(side: str, file: str) -> None:
    # The facts add the army in brackets where it has no column of its own.
    wanted = {re.sub(r" \(58th Army\)$", "", row["formation"]) for row in facts(file)}
    names = {body.name for body in far_east().formations if body.side == side}
    assert {name for name in wanted if not RESIDUAL.search(name)} - names == set()


def test_every_residual_of_an_army_stands_with_its_numbers() -> None:
    """40 % of the Soviet men and guns. Army and front troops only support; a tank corps takes its own troops along."""
    front_of = {army.army: army.front for army in far_east().armies}
    found = Counter(
        (front_of[body.army], body.role, *(getattr(body, column) for column in COLUMNS))
        for body in far_east().formations
        if body.role in ("support", "air", "field")
    )
    for row in facts("soviet_oob.csv"):
        if RESIDUAL.search(row["formation"]):
            numbers = tuple(float(row[column]) for column in SOVIET)
            roles = ("field",) if row["formation"].startswith("Corps") else ("support", "air")
            assert any(found[row["front"], role, *numbers] for role in roles), (row["front"], row["army"])


def test_every_soviet_army_has_its_total() -> None:
    """soviet_army_totals.csv, army by army; armies are told apart by their front and their numbers."""
    wanted = Counter(
        (row["front"], *(float(row[name]) for name in ("personnel", "tanks_sp", "guns_mortars", "aircraft")))
        for row in facts("soviet_army_totals.csv")
    )
    found = Counter(
        (front.front, *(getattr(army.total, column) for column in COLUMNS))
        for front in summary(far_east()).fronts
        if front.side == "SU"
        for army in front.armies
    )
    assert wanted == found


def test_every_japanese_command_has_its_total() -> None:
    """Men of the rows not counted inside another, over all commands."""
    whole = [row for row in facts("japanese_oob.csv") if "COUNTED INSIDE" not in row["note"]]
    found = [front.total for front in summary(far_east()).fronts if front.side == "JP"]
    assert sum(front.men for front in found) == sum(float(row["personnel_est"]) for row in whole)
    assert sum(front.tanks for front in found) == sum(float(row["tanks"]) for row in whole)


def test_every_control_date_is_a_target() -> None:
    wanted = {(row["place"], row["measure"], row["control_utc9"]) for row in facts("control_dates.csv")}
    targets = read_history(far_east()).targets
    assert wanted == {(row.place, row.measure, f"{row.observed:%Y-%m-%dT%H:%M}") for row in targets}


def test_every_order_is_there_with_its_hour_of_issue() -> None:
    """An order for several addressees is parted into o13a, o13b ...; their parts stand for it."""
    issued: dict[int, set[str]] = {}
    for order in far_east().orders:
        issued.setdefault(int(re.sub(r"\D", "", order.order)), set()).add(f"{order.issued:%Y-%m-%dT%H:%M}")
    for row in facts("orders_1945.csv"):
        assert issued[int(row["id"])] == {row["t_utc9"]}, row["id"]


def test_every_place_is_there_where_it_was() -> None:
    found = {place.name: (place.lat, place.lon) for place in far_east().places}
    assert {row["name_1945"]: (float(row["lat"]), float(row["lon"])) for row in facts("places.csv")} == found


def test_every_claim_of_the_document_keeps_its_kind_and_dates() -> None:
    document = far_east().ledger.document
    assert [row["id"] for row in rows("source/claims.csv")] == list(document)
    for row in rows("source/claims.csv"):
        told = document[row["id"]]
        assert (told.kind, told.start, told.end) == (row["kind"], row["start"], row["end"])
