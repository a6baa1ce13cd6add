"""A front of one attacker and a handful of dated places, with runs made up by the test that uses them."""

from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import h3
import numpy as np
import xarray

from khingan.history.targets import Target
from khingan.scenario.schema import Terrain
from khingan.simulation.result import Result
from khingan.simulation.settings import Settings
from khingan.simulation.study import Study
from toy_ensemble import result_of

BY_DAY = ("killed", "wounded", "captured", "sick", "died", "tanks_lost")
H_HOUR = datetime(1945, 8, 9)
DAYS = 10
POINTS = {"Near": (45.0, 130.0), "Middle": (45.0, 129.0), "Far": (45.0, 128.0), "Isle": (45.0, 126.0)}
COLUMNS = (
    "target,place,lat,lon,measure,group,phase,front,observed,precision_h,formation,fitted,planned_days,axis,grade,note"
)
TARGETS = f"""{COLUMNS}
near,Near,45,130,control,north,combat,First,1945-08-10T00:00,12,,true,2,road,A,
middle,Middle,45,129,control,north,combat,First,1945-08-12T00:00,12,,true,,road,B,
far,Far,45,128,control,north,combat,First,1945-08-14T00:00,12,,true,,road,B,
far-works-fall,Far,45,128,works_fall,north,after cease-fire order,First,1945-08-16T00:00,24,,false,,road,B,
far-disarmed,Far,45,128,disarmed,north,after cease-fire order,First,1945-08-17T00:00,24,jp-1,false,,road,B,
isle-landing,Isle,45,126,landing,north,islands,First,1945-08-13T00:00,3,,false,,sea,A,
"""
LOSSES = """front,measure,low,best,high,grade,source,note
First,irrecoverable,80,100,120,A,x,
Empire total,sanitary,,50,,B,x,
Nobody,irrecoverable,,5,,B,x,
First,tanks and SP guns written off,,7,,B,x,
"""


def target(**changes: object) -> Target:
    """One target, changed as the test needs."""
    fields = {
        "file": "history/targets.csv", "line": 2, "target": "near", "place": "Near", "lat": 45.0, "lon": 130.0,
        "measure": "control", "group": "north", "phase": "combat", "front": "First",
        "observed": H_HOUR + timedelta(days=1), "precision_h": 12.0, "formation": "", "fitted": True,
        "planned_days": None, "axis": "road", "grade": "A", "note": "",
    }  # fmt: skip
    return Target(**{**fields, **changes})


def scenario(folder: Path) -> SimpleNamespace:
    """A campaign of four cells and one operation; its history is written into `folder`."""
    (folder / "history").mkdir()
    (folder / "history" / "targets.csv").write_text(TARGETS, encoding="utf-8")
    (folder / "history" / "losses.csv").write_text(LOSSES, encoding="utf-8")
    cells = np.array([h3.latlng_to_cell(lat, lon, 5) for lat, lon in POINTS.values()])
    lat, lon = np.array([h3.cell_to_latlng(cell) for cell in cells]).T
    columns = {"cell": cells, "lat": lat, "lon": lon, "cover": np.array(["forest"] * 4), "owner": np.array(["JP"] * 4)}
    edges = {"a": np.array([0]), "b": np.array([1]), "river": np.array(["none"]), "rail": np.array(["broad"])}
    sides = {
        "SU": SimpleNamespace(name="Empire of the north", adversary="JP"),
        "JP": SimpleNamespace(name="Defenders", adversary="SU"),
    }
    calendar = SimpleNamespace(
        name="toy", title="Toy <war>", summary="A toy.", h_hour=H_HOUR, days=DAYS, steps=4 * DAYS, step_hours=6.0,
        official_end=H_HOUR + timedelta(days=8), counted_to=H_HOUR + timedelta(days=8), resolution=5, ground="",
        control_side="SU", sides=sides,
        extent=SimpleNamespace(south=40.0, north=50.0, west=120.0, east=135.0),
        operations=(SimpleNamespace(key="north", name="Northern operation"),),
    )  # fmt: skip
    ready = {
        "arrives": None, "off_map": "", "lat": 45.0, "lon": 130.5, "corps": "", "place": "Near", "men": 1000.0,
        "tanks": 10.0,
        "guns": 5.0, "aircraft": 0.0, "effectiveness": 100.0, "presence_claim": "toy-claim", "strength_claim": "",
        "effectiveness_claim": "", "note": "",
    }  # fmt: skip
    return SimpleNamespace(
        folder=str(folder),
        calendar=calendar,
        terrain=Terrain(cells=columns, edges=edges),
        ground=(),
        places=tuple(
            SimpleNamespace(name=name, other_names=(), lat=lat, lon=lon, role="town", owner="JP", claim="toy-claim")
            for name, (lat, lon) in POINTS.items()
        ),
        armies=(
            SimpleNamespace(
                army="su-a",
                side="SU",
                front="First",
                name="First Army",
                operation="north",
                headquarters="Near",
                claim="",
            ),
            SimpleNamespace(
                army="jp-a", side="JP", front="Area", name="Area Army", operation="north", headquarters="Far", claim=""
            ),
        ),
        formations=(
            SimpleNamespace(
                formation="su-1", side="SU", role="field", army="su-a", name="1st Tank Brigade", type="tank", **ready
            ),
            SimpleNamespace(
                formation="jp-1", side="JP", role="field", army="jp-a", name="7th Division", type="infantry", **ready
            ),
        ),
        works=tuple(
            SimpleNamespace(
                works=key, name=key, place="Far", lat=45.0, lon=128.0, strength="concrete", claim="toy-claim"
            )
            for key in ("a", "b")
        ),
        lifts=(
            SimpleNamespace(lift="ship", destination="Isle", mode="sea"),
            SimpleNamespace(lift="plane", destination="Isle", mode="air"),
        ),
        ledger=ledger(),
        surrender=SimpleNamespace(
            broadcast=H_HOUR + timedelta(days=6),
            headquarters=(SimpleNamespace(key="area", order=H_HOUR + timedelta(days=7)),),
        ),
    )


def ledger() -> SimpleNamespace:
    """One claim, its source, and one statement of a document that names a place and a day of the campaign."""
    claim = SimpleNamespace(
        kind="place", low=1.0, best=1.0, high=1.0, unit="ratio", source="toy-source", locus="page 3", grade="B",
        basis="consulted", note="",
    )  # fmt: skip
    source = SimpleNamespace(citation="A toy's book", kind="book", basis="consulted", trust="good")
    statement = SimpleNamespace(
        claim="C01", paragraph="1", statement="Middle was taken on the third day", printed="Midle",
        reading="Middle, 11 August",
        start="1945-08-11", end="1945-08-11", kind="fact", correction="spelling", held_by="", disputed_by="",
        place_in_product="chronicle",
    )  # fmt: skip
    return SimpleNamespace(claims={"toy-claim": claim}, sources={"toy-source": source}, document={"C01": statement})


def result(runs: int = 60, **changes: np.ndarray) -> Result:
    """Runs in which everything comes at random, except what the test lays down in `changes`."""
    chance = np.random.default_rng(1945)
    shapes = {"first_control": 4, "works_fall": 2, "capitulated": 2, "landed": 2}
    arrays = {name: chance.gamma(4, 30, (runs, size)) for name, size in shapes.items()}
    arrays |= {name: chance.gamma(4, 30, (runs, DAYS, 2)) for name in BY_DAY}
    arrays |= {name: chance.gamma(4, 3, (runs, DAYS, 2)) for name in ("deserted",)}
    arrays |= {name: chance.gamma(4, 30, (runs, DAYS, 2)) for name in ("men", "tanks", "fuel")}
    arrays["place"] = chance.integers(0, 4, (runs, 4 * DAYS, 2)).astype(np.int16)
    arrays["halted_hours"] = chance.gamma(4, 10, (runs, 2))
    arrays |= changes
    dims = {
        "first_control": ("cell",), "works_fall": ("works",), "capitulated": ("formation",), "landed": ("lift",),
        "place": ("step", "formation"), "place_cell": ("named_place",), "halted_hours": ("army",),
        **dict.fromkeys(("men", "tanks", "fuel"), ("day", "formation")),
    }  # fmt: skip
    named = {"named_place": list(POINTS)} if "place_cell" in arrays else {}
    dataset = xarray.Dataset(
        {name: (("run", *dims.get(name, ("day", "army"))), array) for name, array in arrays.items()},
        coords={
            "formation": ["su-1", "jp-1"], "army": ["su-a", "jp-a"], "works": ["a", "b"], "lift": ["ship", "plane"],
            "day": np.arange(1, DAYS + 1), **named,
        },
        attrs={"h_hour": H_HOUR.isoformat(), "horizon_h": DAYS * 24.0},
    )  # fmt: skip
    study = Study("toy", "", "f00d", 1945, Settings(), runs, "0", "", "", "")
    return result_of(study, dataset)
