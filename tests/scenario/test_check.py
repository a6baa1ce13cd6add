"""Each fault of a campaign is named at its cell, with a remedy."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from khingan.scenario.read import check
from toy import change, set_cell

OOB = "order_of_battle.csv"

# Faults that show at another cell than the one that was spoilt.
WITHOUT_PLAN = "an order to withdraw with no plan, and its objective '' is no place"
WITHOUT_LIFT = "no lift carries out 'o1'"
ELSEWHERE = (WITHOUT_PLAN, WITHOUT_LIFT)


@pytest.mark.parametrize(
    ("file", "row", "column", "value", "what", "remedy"),
    [
        (OOB, "su-division", "men", "-500", "men -500 is negative", "write 0 or more"),
        (OOB, "su-division", "type", "rifel", "unknown type 'rifel'", "did you mean rifle?"),
        (OOB, "su-division", "role", "fild", "unknown role 'fild'", "did you mean field?"),
        (OOB, "su-division", "posture", "atack", "unknown posture 'atack'", "did you mean attack?"),
        (OOB, "su-division", "side", "UK", "side 'UK' is not known", "use one of: 'SU' or 'JP'"),
        (OOB, "su-division", "army", "su-amry", "unknown army 'su-amry'", "did you mean su-army?"),
        (OOB, "su-division", "place", "Westen", "unknown place 'Westen'", "did you mean Weston"),
        (OOB, "su-division", "plan", "su-axes", "unknown plan 'su-axes'", "did you mean su-axis?"),
        (OOB, "jp-division", "fallback", "Eastn", "unknown place 'Eastn'", "did you mean Easton"),
        (OOB, "jp-garrison", "works", "post-work", "unknown works 'post-work'", "did you mean post-works?"),
        (OOB, "jp-garrison", "parent", "jp-divison", "unknown formation 'jp-divison'", "did you mean jp-division"),
        (OOB, "jp-division", "men", "900", "detachments of 'jp-division' have 1000 men, it has 900", "raise"),
        (OOB, "su-division", "lat", "60", "'su-division' at 60,130.7 has no land cell", "off_map"),
        (OOB, "su-division", "arrives", "1945", "arrives '1945' is not a time", "write YYYY-MM-DDTHH:MM"),
        (OOB, "su-division", "arrives", "1945-08-09T00:00Z", "names a time zone", "own zone"),
        (OOB, "jp-division", "effectiveness", "135", "effectiveness 135 is above 100", "100 or less"),
        ("places.csv", "Bridge", "lat", "50", "'Bridge' lies outside the extent", "used in plans.yaml:1"),
        ("places.csv", "Bridge", "lat", "45.95", "'Bridge' has no land cell within 2 rings", "used in plans.yaml:1"),
        ("orders.csv", "o1", "kind", "landing", "unknown kind 'landing'", "did you mean land?"),
        ("orders.csv", "o1", "addressees", "su-landng", "unknown addressee 'su-landng'", "did you mean su-landing?"),
        ("orders.csv", "o1", "condition", "taken:Post", "condition 'taken:Post' cannot be read", "held:PLACE:SIDE"),
        ("orders.csv", "o1", "condition", "held:Pots:SU", "unknown place 'Pots'", "did you mean Post"),
        ("orders.csv", "o1", "condition", "order:o1", "order 'o1' waits for itself", "name the order"),
        ("orders.csv", "o2", "plan", "", WITHOUT_PLAN, "name a plan"),
        ("lifts.csv", "ferry-1", "mode", "rail", "unknown mode 'rail'", "use one of: air, river, sea"),
        ("lifts.csv", "ferry-1", "order", "o2", WITHOUT_LIFT, "lifts.csv"),
        ("works.csv", "post-works", "strength", "stone", "unknown strength 'stone'", "use one of: concrete, field"),
        ("supply.csv", "su-depot", "unit", "t/dya", "unknown unit 't/dya'", "did you mean t/day"),
        ("air.csv", "su-air", "front", "Toy Frnt", "unknown front 'Toy Frnt'", "did you mean Toy Front?"),
        ("weather.csv", "west", "wet_to_wet", "1.2", "wet_to_wet 1.2 is above 1", "1 or less"),
        ("armies.csv", "jp-army", "headquarters", "", "headquarters is empty", "name the place"),
    ],
)
def test_a_spoilt_cell(folder: Path, file: str, row: str, column: str, value: str, what: str, remedy: str) -> None:
    position = set_cell(folder, file, row, column, value)
    found = [problem for problem in check(folder) if what in problem.what]
    assert found, check(folder)
    if what not in ELSEWHERE:
        assert (found[0].file, found[0].line, found[0].column) == (file, *position)
    assert remedy in str(found[0])


@pytest.mark.parametrize(
    ("file", "old", "new", "position", "what"),
    [
        ("campaign.yaml", "step_hours: 6", "step_hours: 7", (6, 1), "step_hours 7 does not divide a day"),
        ("campaign.yaml", "days: 3", "dayz: 3", (7, 1), "unknown field 'dayz'"),
        ("campaign.yaml", "days: 3", "dayz: 3", (1, 1), "days is missing"),
        ("campaign.yaml", "[su-army]", "[su-amry]", (18, 14), "unknown army 'su-amry'"),
        ("campaign.yaml", "h_hour: 1945-08-09T00:00", "h_hour: 1945", (4, 1), "h_hour '1945' is not a time"),
        ("campaign.yaml", "south: 44", "south: 47", (10, 1), "the extent has no area"),
        (
            "plans.yaml",
            "echelon: 1, starts: 0, legs: [Post",
            "echelon: 1, starts: -2, legs: [Post",
            (1, 38),
            "negative",
        ),
        ("plans.yaml", "army: su-army", "army: su-arny", (1, 11), "unknown army 'su-arny'"),
        ("surrender.yaml", "claim: cease", "claim: ceas", (3, 87), "unknown claim 'ceas'"),
        ("surrender.yaml", "armies: [jp-army]", "armies: [jp-army, jp-army]", (3, 29), "stands also under easton"),
        ("sources.yaml", "trust: fair", "trsut: fair", (1, 71), "unknown field 'trsut'"),
    ],
)
def test_a_spoilt_key(folder: Path, file: str, old: str, new: str, position: tuple[int, int], what: str) -> None:
    change(folder, file, old, new)
    found = [problem for problem in check(folder) if what in problem.what]
    assert [(problem.file, (problem.line, problem.column)) for problem in found] == [(file, position)], check(folder)


def test_names_stand_once(folder: Path) -> None:
    set_cell(folder, "places.csv", "Bridge", "name", "Post")
    assert any(problem.what == "name 'Post' stands also in line 3" for problem in check(folder))


def test_a_plan_across_a_strait_has_no_path(folder: Path) -> None:
    # Every edge over the river is blocked, so Bridge in the east cannot be reached from Post in the west on foot.
    path = folder / "terrain" / "edges.parquet"
    table = pq.read_table(path)
    crosses = [river == "small" for river in table["river"].to_pylist()]
    table = table.set_column(table.column_names.index("blocked"), "blocked", [crosses])
    pq.write_table(table, path)
    found = [problem.what for problem in check(folder)]
    assert found == ["plan 'su-axis' has no path on foot from Post to Bridge"]


def test_formations_off_the_map_may_stand_anywhere(folder: Path) -> None:
    set_cell(folder, OOB, "su-landing", "lat", "10")
    set_cell(folder, OOB, "su-landing", "off_map", "in another theatre")
    assert check(folder) == []


def test_a_landing_force_waits_in_its_port(folder: Path) -> None:
    set_cell(folder, OOB, "su-landing", "lat", "10")
    assert check(folder) == []


def test_terrain_with_an_unknown_cover_is_refused(folder: Path) -> None:
    path = folder / "terrain" / "cells.parquet"
    table = pq.read_table(path)
    table = table.set_column(table.column_names.index("cover"), "cover", [["jungle"] * len(table)])
    pq.write_table(table, path)
    assert [problem.what for problem in check(folder)] == ["column 'cover' holds 'jungle'"]
