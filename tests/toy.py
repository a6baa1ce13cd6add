"""A small whole campaign, written as files: a Soviet division marches east on a Japanese one behind border works.

About 60 cells around 45 N 131 E; the border is the meridian 131 E. Every file of the contract is there, so tests of the
reader, the engine and the studies can start from it and change what they need with `change`.
"""
# ruff: noqa: E501 - a row of a table stands on one line

import csv
import io
from pathlib import Path
from typing import Any

import h3
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

CENTRE = (45.0, 131.0)
RIVER_LON = 131.3
# Rings around the centre. The border is straight 118 km long at resolution 5 and 121 km at 6, the same front.
RINGS = {4: 2, 5: 4, 6: 12}

SMALL_DIVISION = """\
changes:
  small-division:
    what: The attacker's division has half its men.
    author: the toy
    grade: C
    edit:
      - {table: formations, where: {formation: su-division}, times: {men: 0.5}}
"""
CALENDAR = """\
name: toy
title: A border toy
summary: One division marches on another.
h_hour: 1945-08-09T00:00
utc_offset_hours: 9
step_hours: {step_hours}
days: {days}
official_end: 1945-08-12T00:00
resolution: {resolution}
extent: {{south: 44, north: 46, west: 129, east: 133}}
sides:
  SU: {{name: Soviet Union, adversary: JP}}
  JP: {{name: Japan, adversary: SU}}
control_side: SU
operations:
  - key: border
    name: Border operation
    armies: [su-army]
"""

SOURCES = """\
handbook: {citation: "A handbook, 1946", kind: book, basis: recalled, trust: fair}
guess: {citation: "Set for the toy", kind: judgement, basis: estimated, trust: low}
"""

PLANS = """\
su-axis: {army: su-army, echelon: 1, starts: 0, legs: [Post, Bridge, Easton], claim: plans, note: east along the road}
jp-back: {army: jp-army, echelon: 1, starts: 0, legs: [Easton], claim: plans}
"""

SURRENDER = """\
broadcast: 1945-08-11T12:00
headquarters:
  - {key: easton, side: JP, armies: [jp-army], order: 1945-08-11T18:00, spread_h: 12, claim: cease}
"""

TABLES: dict[str, str] = {
    "ledger.csv": """\
claim,kind,low,best,high,unit,source,locus,grade,basis,note
gazetteer,place,,1,,ratio,handbook,table of places,A,recalled,
su-presence,presence,,1,,ratio,handbook,order of battle,B,recalled,
su-strength,strength,,1,,ratio,handbook,order of battle,B,recalled,
jp-strength,strength,,1,,ratio,handbook,order of battle,C,recalled,
jp-division-worth,effectiveness,15,35,60,percent,guess,,C,estimated,two readings differ
garrison-men,strength,800,1000,1500,men,handbook,works,B,recalled,
plans,plan,,1,,ratio,handbook,plans,B,recalled,
orders,timing,,1,,ratio,handbook,orders,B,recalled,
cease,spread,,1,,ratio,guess,,C,estimated,
works-record,works,,1,,ratio,handbook,works,B,recalled,
ferry,lift,,1,,ratio,guess,,C,estimated,
stocks,stock,,1,,ratio,guess,,C,estimated,
climate,weather,,1,,ratio,guess,,B,estimated,
air-record,sorties,,1,,ratio,guess,,C,estimated,
""",
    "document.csv": """\
claim,paragraph,statement,printed,reading,start,end,kind,correction,held_by,disputed_by,place_in_product
C01,1,A division crossed the border,on the 9th,9 August,1945-08-09,1945-08-09,fact,none,,,campaign
C02,1,It need not have,-,a judgement,,,interpretation,none,one school,another school,none
""",
    "places.csv": """\
name,other_names,lat,lon,role,owner,grade,claim
Weston,Vestón; West Town,45.0,130.6,town; port,SU,A,gazetteer
Post,,45.0,131.2,border post,JP,A,gazetteer
Bridge,,45.0,131.37,crossing,JP,A,gazetteer
Easton,Higashi-machi,45.0,131.55,town; rail junction,JP,A,gazetteer
Landing,,45.25,131.2,river port,JP,B,gazetteer
""",
    "armies.csv": """\
army,side,front,name,operation,headquarters,claim
su-army,SU,Toy Front,Toy Army,border,Weston,su-presence
jp-army,JP,Toy Area Army,Toy Defence Army,,Easton,su-presence
""",
    "order_of_battle.csv": """\
formation,side,army,corps,name,type,role,men,tanks,guns,aircraft,effectiveness,lat,lon,place,posture,plan,fallback,works,arrives,parent,off_map,presence_claim,strength_claim,effectiveness_claim,note
su-division,SU,su-army,,1st Rifle Division,rifle,field,10000,30,150,,,45.0,130.7,Weston,attack,su-axis,,,,,,su-presence,su-strength,,
su-landing,SU,su-army,,Naval battalion,naval-infantry,landing,600,,4,,,45.0,130.6,Weston,reserve,,,,,,,su-presence,su-strength,,
jp-division,JP,jp-army,,1st Division,infantry,field,8000,,40,,35,45.0,131.37,Bridge,hold,,Easton,,,,,su-presence,jp-strength,jp-division-worth,
jp-garrison,JP,jp-army,,Border guard,garrison,garrison,1000,,6,,35,45.0,131.2,Post,hold,,,post-works,,jp-division,,su-presence,garrison-men,jp-division-worth,
""",
    "orders.csv": """\
order,issued,spread_h,side,issuer,addressees,kind,plan,objective,starts,condition,claim,note
o1,1945-08-09T06:00,3,SU,Toy Army,su-landing,land,,Landing,1945-08-09T12:00,held:Post:SU,orders,
o2,1945-08-10T00:00,6,JP,Toy Defence Army,jp-division,withdraw,jp-back,,,order:o1 & held:Bridge:SU,orders,
""",
    "works.csv": """\
works,name,place,lat,lon,strength,prepared_days,claim,note
post-works,Works at the post,Post,45.0,131.2,concrete,1000,works-record,
""",
    "lifts.csv": """\
lift,order,formation,mode,origin,destination,distance_km,speed_kmh,load_h,first_wave,interval_h,guns,claim,guns_claim,note
ferry-1,o1,su-landing,river,Weston,Landing,50,10,2,0.5,3,,ferry,,
""",
    "supply.csv": """\
row,kind,side,army,place,value,unit,claim,note
su-depot,depot,SU,,Weston,2000,t/day,stocks,
su-railhead,railhead,SU,,Weston,3000,t/day,stocks,
su-trucks,supply_trucks,SU,su-army,,300,trucks,stocks,
su-front-trucks,front_trucks,SU,su-army,Weston,200,trucks,stocks,
su-refill,refill_t,SU,su-army,,20,t/refill,stocks,
su-load,unit_of_fire_t,SU,su-army,,200,t,stocks,
su-fuel,fuel_carried,SU,su-army,,2,refills,stocks,
su-ammunition,ammunition_carried,SU,su-army,,2,loads,stocks,
jp-source,source,JP,jp-army,Easton,5000,t,stocks,
jp-ammunition,ammunition_carried,JP,jp-army,,1,loads,stocks,
""",
    "weather.csv": """\
region,lat,lon,wet_to_wet,dry_to_wet,wet_at_start,claim
west,45,130.5,0.8,0.1,0.2,climate
east,45,131.5,0.8,0.2,0.4,climate
""",
    "air.csv": """\
row,side,army_or_fleet,front,aircraft,serviceable,sorties_per_aircraft_day,claim,note
su-air,SU,su-army,Toy Front,100,0.8,0.8,air-record,
""",
}


def write_toy_campaign(folder: Path, *, resolution: int = 5, step_hours: float = 6, days: int = 3) -> Path:
    """Write the toy's files into a folder (made if absent) and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    calendar = CALENDAR.format(resolution=resolution, step_hours=step_hours, days=days)
    structure = {"campaign.yaml": calendar, "sources.yaml": SOURCES, "plans.yaml": PLANS, "surrender.yaml": SURRENDER}
    for name, text in {**structure, **TABLES}.items():
        (folder / name).write_text(text, encoding="utf-8")
    write_terrain(folder / "terrain", resolution)
    return folder


def change(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a text that occurs in a file."""
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} has no '{old}'"
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def set_cell(folder: Path, file: str, name: str, column: str, value: str) -> tuple[int, int]:
    """Write one cell of the row whose first cell is `name`; its line and column number come back."""
    rows = list(csv.reader(io.StringIO((folder / file).read_text(encoding="utf-8"))))
    line, number = [row[0] for row in rows].index(name), rows[0].index(column)
    rows[line][number] = value
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    (folder / file).write_text(text.getvalue(), encoding="utf-8")
    return line + 1, number + 1


def write_terrain(folder: Path, resolution: int) -> None:
    """Flat farmland with one road from west to east and a small river at 131.3 E."""
    folder.mkdir(exist_ok=True)
    cells = sorted(h3.grid_disk(h3.latlng_to_cell(*CENTRE, resolution), RINGS[resolution]))
    lat, lon = (np.array(column) for column in zip(*(h3.cell_to_latlng(cell) for cell in cells), strict=True))
    edges = _edges(cells)
    owner = np.where(lon < CENTRE[1], "SU", "JP")
    pq.write_table(pa.table(_cell_columns(cells, lat, lon, owner, edges)), folder / "cells.parquet")
    pq.write_table(pa.table(_edge_columns(cells, lat, lon, edges)), folder / "edges.parquet")


def _edges(cells: list[str]) -> list[tuple[int, int]]:
    number = {cell: index for index, cell in enumerate(cells)}
    pairs = ((number[cell], number.get(other, -1)) for cell in cells for other in h3.grid_disk(cell, 1))
    return sorted((a, b) for a, b in pairs if a < b)


def _cell_columns(
    cells: list[str], lat: np.ndarray, lon: np.ndarray, owner: np.ndarray, edges: list[tuple[int, int]]
) -> dict[str, Any]:  # fmt: skip
    border = np.zeros(len(cells), dtype=bool)
    for a, b in edges:
        border[[a, b]] |= owner[a] != owner[b]
    return {
        "cell": cells, "lat": lat, "lon": lon, "area_km2": [h3.cell_area(cell) for cell in cells],
        "land": np.ones(len(cells)), "elevation_m": np.full(len(cells), 200.0), "cover": ["farmland"] * len(cells),
        "relief": ["flat"] * len(cells), "owner": owner.tolist(), "border": border,
    }  # fmt: skip


def _edge_columns(cells: list[str], lat: np.ndarray, lon: np.ndarray, edges: list[tuple[int, int]]) -> dict[str, Any]:
    a, b = np.array(edges).T
    directed = [h3.cells_to_directed_edge(cells[first], cells[second]) for first, second in edges]
    near_road = (abs(lat[a] - CENTRE[0]) < 0.1) & (abs(lat[b] - CENTRE[0]) < 0.1)
    over_river = (lon[a] < RIVER_LON) != (lon[b] < RIVER_LON)
    return {
        "a": a, "b": b,
        "distance_km": [h3.great_circle_distance((lat[i], lon[i]), (lat[j], lon[j])) for i, j in edges],
        "side_km": [h3.edge_length(edge) for edge in directed], "road": np.where(near_road, "road", "none").tolist(),
        "rail": ["none"] * len(a), "river": np.where(over_river, "small", "none").tolist(),
        "mountain_pass": np.zeros(len(a), dtype=bool), "blocked": np.zeros(len(a), dtype=bool),
    }  # fmt: skip
