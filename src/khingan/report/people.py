"""Formations, armies, works and places as the page names them, each with the claims it rests on."""

from math import atan2, degrees
from typing import Any

import numpy as np
from numpy.typing import NDArray

from khingan.report.ground import Ground
from khingan.report.words import army_icon, echelon, icon, one_body, short
from khingan.scenario.gazetteer import LandCells
from khingan.scenario.schema import Formation, Place, Scenario
from khingan.simulation.result import Result

# How early a place is named on the map, by the first word of its role that is found here; the rest come last.
RANKS = (("capital", 0), ("city", 1), ("port", 2), ("naval base", 2), ("rail junction", 2), ("fortress", 2),
         ("island", 2), ("town", 3))  # fmt: skip
LAST_RANK = 4


def formations(scenario: Scenario, result: Result) -> list[dict[str, Any]]:
    """In the order of the ensemble; a name the campaign no longer has keeps its key."""
    rows = {formation.formation: formation for formation in scenario.formations}
    number = {name: k for k, name in enumerate(result.names("army"))}
    return [_formation(rows.get(name), name, number) for name in result.names("formation")]


def _formation(row: Formation | None, key: str, armies: dict[str, int]) -> dict[str, Any]:
    if row is None:
        return {"key": key, "name": key, "short": key, "side": "", "army": -1, "icon": "infantry", "size": "",
                "role": "", "claims": [], "start": []}  # fmt: skip
    claims = [("presence", row.presence_claim), ("strength", row.strength_claim),
              ("effectiveness", row.effectiveness_claim)]  # fmt: skip
    return {
        "key": key, "name": row.name, "short": short(row.name), "side": row.side, "army": armies.get(row.army, -1),
        "icon": icon(row.type), "size": echelon(row.name), "role": row.role, "place": row.place,
        "claims": [claim for claim in claims if claim[1]], "off": row.off_map, "note": row.note,
        "start": [row.men, row.tanks, row.guns, row.aircraft, row.effectiveness],
    }  # fmt: skip


def armies(scenario: Scenario, result: Result, together: list[int]) -> list[dict[str, Any]]:
    """In the order of the ensemble; `drawn` where one symbol may stand for the army."""
    rows = {army.army: army for army in scenario.armies}
    made = []
    for number, key in enumerate(result.names("army")):
        row = rows.get(key)
        name = row.name if row else key
        made.append({
            "key": key, "name": name, "short": short(name), "side": row.side if row else "",
            "front": row.front if row else "", "icon": army_icon(name), "size": echelon(name) or "XXX",
            "drawn": number in together and one_body(name), "headquarters": row.headquarters if row else "",
            "claims": [["headquarters", row.claim]] if row and row.claim else [],
        })  # fmt: skip
    return made


def places(scenario: Scenario, ground: Ground) -> tuple[list[dict[str, Any]], list[int]]:
    """Places inside the map's box, and the cell each stands for; -1 where no land cell is near."""
    west, north, east, south = ground.box()
    land = LandCells(scenario.terrain, scenario.calendar.resolution)
    made, cells = [], []
    for place in scenario.places:
        x, y = (int(value) for value in ground.at(place.lat, place.lon))
        if west < x < east and north < y < south:
            found = land.nearest(place.lat, place.lon)
            cells.append(found[0] if found else -1)
            made.append(_place(place, x, y, ground))
    return made, cells


def _place(place: Place, x: int, y: int, ground: Ground) -> dict[str, Any]:
    names = place.other_names
    then, now = ground.names.get(place.name, (place.name, names[0] if names else place.name))
    return {
        "name": place.name, "then": then, "now": now, "other": list(names), "x": x, "y": y, "role": place.role,
        "rank": rank(place.role), "claims": [["place and owner", place.claim]] if place.claim else [],
    }  # fmt: skip


def rank(role: str) -> int:
    """0 for a capital, 1 for a city, then smaller."""
    return next((rank for word, rank in RANKS if word in role), LAST_RANK)


def works(scenario: Scenario, ground: Ground, home: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Works with the bearing of the nearest ground of the attacker, in degrees clockwise from east on the page."""
    made = []
    own = ground.cells[home].astype(np.float64)
    for row in scenario.works:
        x, y = (int(value) for value in ground.at(row.lat, row.lon))
        towards = own[((own - (x, y)) ** 2).sum(axis=1).argmin()] - (x, y) if len(own) else np.array([1.0, 0.0])
        made.append({
            "key": row.works, "name": row.name, "x": x, "y": y, "facing": round(degrees(atan2(towards[1], towards[0]))),
            "place": row.place, "strength": row.strength, "claims": [["works", row.claim]],
        })  # fmt: skip
    return made
