"""Short names, echelons and icons of formations and armies, as a map has room for them."""

import re

# The sign of size over a symbol, by the word that ends a name; the first that is found counts.
ECHELONS = (
    ("Area Army", "XXXX"), ("Army", "XXXX"), ("Corps", "XXX"), ("Group", "XXX"), ("Division", "XX"),
    ("Divisions", "XX"), ("Brigade", "X"), ("Fortified Region", "X"), ("Regiment", "III"), ("Battalion", "II"),
    ("Detachment", "II"), ("Garrison", "II"), ("garrison", "II"), ("works", "II"), ("Company", "I"),
)  # fmt: skip
SHORTER = (
    (r"\b(\d+)(st|nd|rd|th)\b", r"\1"), (r"Soviet-Mongolian ", ""), (r"Guards", "Gds"), (r"Separate", "Sep"),
    (r"Cavalry", "Cav"), (r"Mechanized", "Mech"), (r"Independent Mixed Brigade", "IMB"), (r"Motorized", "Mot"),
    (r"Independent", "Ind"), (r"Fortified Region", "FR"), (r"Brigade", "Bde"), (r"Regiment", "Rgt"),
    (r"Battalion", "Bn"), (r"Detachment", "Det"), (r"Operational ", ""), (r"Group", "Gp"),
    (r"(Rifle |Infantry )?Division\b", ""), (r"Corps", "Cps"), (r"\bArmy\b", ""), (r"Naval Infantry", "NI"),
)  # fmt: skip
ICONS = {
    "tank": "tank", "mech": "mech", "cavalry": "cavalry", "air": "air", "airborne": "airborne",
    "naval-infantry": "naval", "artillery": "artillery", "river-flotilla": "boats", "naval": "boats",
    "support": "support",
}  # fmt: skip


def short(name: str) -> str:
    """`6th Guards Tank Army` as `6 Gds Tank`."""
    made = name
    for pattern, by in SHORTER:
        made = re.sub(pattern, by, made)
    made = " ".join(made.replace("(", "").replace(")", "").split())
    return made if len(made) <= 18 else made[:17].rstrip() + "…"


def echelon(name: str) -> str:
    """The sign of size: X for a brigade, XXXX for an army; nothing where the name does not tell."""
    for word, sign in ECHELONS:
        if re.search(rf"\b{word}\b", name):
            return sign
    return ""


def one_body(name: str) -> bool:
    """Whether an army's name is that of one body, and not of what is left over under a headquarters."""
    return "," not in name and " and " not in name and not re.match(r"(Reserve|Front troops)", name)


def icon(kind: str) -> str:
    """The icon of a formation by its type; infantry where there is none of its own."""
    return ICONS.get(kind, "infantry")


def army_icon(name: str) -> str:
    """The icon of an army by its name."""
    for word, found in (("Tank", "tank"), ("Mechanized", "mech"), ("Cavalry", "cavalry"), ("Air", "air")):
        if word in name:
            return found
    return "boats" if re.search(r"Fleet|Flotilla", name) else "infantry"
