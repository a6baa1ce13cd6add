"""The records that pass between mechanisms: the world that no run changes, one reading of the ledger, the state.

Each table is an array of structured elements, read as `forces[u].men`: one argument for the compiler and one stretch
of memory for the machine, however many fields it has. Shapes: cell = land cells, edge = side 0..5 of a cell; formation,
army, works, plan, leg, objective, order, lift, region, front, field as named. Times are hours from H-hour; -1 is none.
"""

from functools import cache
from typing import Any, NamedTuple

import numpy as np

Array = Any


@cache
def records(kind: np.dtype) -> np.dtype:
    """The one type of records with these fields: numba knows the same object again at once."""
    return np.dtype((np.record, kind))


# Mobility classes, in the order of the scenario's vocabulary.
FOOT, HORSE, MOTOR, TANK = 0, 1, 2, 3
PACE_SHAPE = (4, 4, 13)  # mobility classes, road classes, ground classes
TERRAIN_SHAPE = (2, 13)  # power and losses, ground classes
# Roles.
FIELD, GARRISON, SUPPORT, AIR, LIFT, LANDING = 0, 1, 2, 3, 4, 5
# Status of a formation.
ABSENT, PRESENT, AT_SEA, ON_BEACH, CAPITULATED, DESTROYED = 0, 1, 2, 3, 4, 5
# Order kinds.
ATTACK, WITHDRAW, HOLD, LAND, AIR_LAND, CEASE, NO_EFFECT, CLEAR = 0, 1, 2, 3, 4, 5, 6, 7
# Lift modes.
BY_SEA, BY_AIR, BY_RIVER = 0, 1, 2
# Conditions of an order.
PLACE_HELD, ORDER_IN_FORCE, GARRISON_CEASED = 0, 1, 2
NEVER = 1.0e9
NONE = -1
BEACH = 6  # the seventh "edge" of a cell: attackers who come ashore


def width_of(cells: int) -> Any:
    """Type of the numbers of neighbours on a map of so many cells: as narrow as holds them and NONE."""
    return np.int16 if cells <= np.iinfo(np.int16).max else np.int32


EDGE = np.dtype([
    ("neighbour", "i8"),  # cell beyond the edge, -1 sea, strait or off the map
    ("distance_km", "f4"),  # between centres
    ("side_km", "f4"),  # length of the common side
    ("road", "u1"), ("rail", "u1"), ("river", "u1"),  # classes
    ("mountain_pass", "u1"),  # 1 where the edge is a pass
])  # fmt: skip
LAND_CELL = np.dtype([
    ("ground", "i2"),  # row of the ground tables
    ("region", "i2"),  # weather region
    ("owner", "i2"),  # side that holds the cell at H-hour
    ("closed", "u1", (2,)),  # by side: 1 where it has orders not to set foot
    ("area_km2", "f4"),
    ("works", "i4"),  # works that stand in the cell, -1 none
])  # fmt: skip
PLAN = np.dtype([("first", "i8"), ("start_h", "f4"), ("echelon", "i8")])  # first leg, earliest start; one closing row
OBJECTIVE = np.dtype([
    ("cell", "i8"),
    ("route", "i8", (4,)),  # row of `hours` by mobility, -1 not needed; that of men on foot where no other is
])  # fmt: skip
# Two formations to a line of the machine's cache: every mechanism reads it.
ROSTER = np.dtype([
    ("side", "i1"), ("role", "i1"),
    ("kind", "i1"),  # row of the type tables
    ("mobility", "i1"),
    ("army", "i2"),
    ("works", "i2"),  # works it mans
    ("headquarters", "i2"),  # from which a cease-fire order comes
    ("relays", "i2"),  # messages one after the other from there to it
    ("word_km", "f4"),  # way of those messages in a straight line, where it stood at H-hour
    ("plan", "i2"),  # plan at H-hour, -1 stays
    ("fallback", "i2"),  # objective towards which it falls back
    ("arrives_h", "f4"),
    ("prepared_days", "f4"),  # days of digging before H-hour
    ("stands", "i4"),  # 1 when its mission is to hold
])  # fmt: skip
WORKS = np.dtype([("cell", "i8"), ("strength", "i8"), ("side", "i8")])  # strength 1 field, 2 concrete
ORDER = np.dtype([("kind", "i8"), ("plan", "i8"), ("addressee_first", "i8"), ("condition_first", "i8")])
LANDING_PARTY = np.dtype([
    ("order", "i8"), ("formation", "i8"), ("destination", "i8"), ("mode", "i8"),
    ("wave", "f4"),  # share of the men in one wave
    ("port", "i8"),  # 1 where there is a port, 0 an open beach
])  # fmt: skip
FAIRWAY = np.dtype([("cell", "i8"), ("km", "f4"), ("town", "i8")])  # km from its beginning; 1 at a place of the plan
FLOTILLA = np.dtype([("formation", "i8"), ("first", "i8")])  # first row of its fairway; one closing row
HEADQUARTERS = np.dtype([("order_h", "f4"), ("spread_h", "f4")])
POLITICAL_CALENDAR = np.dtype([
    ("from_h", "f8"), ("exhausted_h", "f8"),  # exhaustion 0 and 1
    ("terms_h", "f8"), ("first_bomb_h", "f8"), ("second_bomb_h", "f8"), ("entry_h", "f8"), ("assurance_h", "f8"),
])  # fmt: skip
SOURCE = np.dtype([
    ("cell", "i8"), ("side", "i8"),
    ("pool", "i8"),  # stock it issues from, -1 without end
    ("home", "i8"),  # source at which the trucks of its front load
    ("home_km", "f4"),  # truck distance from there
])  # fmt: skip
ARMY = np.dtype([
    ("front", "i8"), ("side", "i8"),
    ("second", "i8"),  # 1 when it has no first echelon itself
    ("pool", "i8"),  # stock its aircraft load from, -1 without end
])  # fmt: skip


class World(NamedTuple):
    """Everything that is the same in every run of a campaign."""

    edges: Array  # (cell, edge) EDGE
    near: Array  # (cell, edge) cell beyond, as in EDGE; as wide as `width_of` says
    back: Array  # (cell, edge) uint8 the edge of the cell beyond that leads back
    land: Array  # (cell,) LAND_CELL
    globe: Array  # (cell, 3) float64 points on the unit sphere: cells a kilometre apart differ by 1e-8 in their cosine
    plans: Array  # (plan + 1,) PLAN
    legs: Array  # (leg,) int64 objective of each leg
    objectives: Array  # (objective,) OBJECTIVE
    hours: Array  # (field, cell) float32 march hours at planning rates, inf where there is no way
    nearer: Array  # (field, cell) uint8 a bit for each edge beyond which the hours are fewer
    roster: Array  # (formation,) ROSTER
    works: Array  # (works,) WORKS
    orders: Array  # (order + 1,) ORDER, one closing row
    addressees: Array  # (address,) int64 formations
    conditions: Array  # (condition, 3) int64 kind, cell or order, side
    lifts: Array  # (lift,) LANDING_PARTY
    flotillas: Array  # (flotilla + 1,) FLOTILLA, one closing row
    fairways: Array  # (reach,) FAIRWAY of all flotillas, one after the other
    headquarters: Array  # (headquarters,) HEADQUARTERS
    politics: Array  # (1,) POLITICAL_CALENDAR
    sources: Array  # (source,) SOURCE where supply comes from
    armies: Array  # (army,) ARMY
    points: Array  # (point,) int64 objectives: where the arms of a zone are laid down; -1 none
    rails: Array  # (rail cell,) int64 cells on a railway of full gauge
    season: Array  # (region, day of the year) SEASON
    season_day: float  # day of the year at H-hour, from 0
    step_hours: float
    control_side: int


# What a day of the year adds to the weather as it is stated; all 0 is the weather as stated.
SEASON_FIELDS = (
    "drier",  # share of the wet spells that do not set in
    "thaw",  # mud without rain, as a share of what rain makes
    "frost",  # share of the ground that is frozen
    "snow",  # hindrance of lying snow, as the mud that would hinder as much
    "ice",  # share of rivers that bear
    "dark",  # share of the flying hours that is missing
    "cold",  # what it adds to sickness, as a share
)
SEASON = np.dtype([(name, "f8") for name in SEASON_FIELDS])
READ_FORMATION = np.dtype([
    ("start", "i8"),  # cell at H-hour or on arrival, -1 off the map
    ("men", "f8"), ("tanks", "f8"),
    ("guns", "f8"),  # its own and its share of the army's
    ("quality", "f8"),  # effectiveness, 1 = full
    ("refill_t", "f8"),  # tonnes in one refill of fuel
    ("unit_of_fire_t", "f8"),  # tonnes in one unit of fire
    ("fuel_carried", "f8"),  # refills at H-hour
    ("ammunition_carried", "f8"),  # units of fire at H-hour
])  # fmt: skip
READ_ARMY = np.dtype([
    ("tied", "f8"),  # share of its men tied to railways and towns at home
    ("trucks", "f8", (2,)),  # that load at the depot nearest the troops, and at the base of the front
    ("airlift_t", "f8"),  # tonnes of fuel flown a day
    ("support_men", "f8"), ("support_guns", "f8"),  # its support troops and its share of its front's
])  # fmt: skip
READ_SOURCE = np.dtype([("issue_t", "f8"), ("rail_t", "f8")])  # a day: issued, and brought up by rail; inf no limit
READ_POOL = np.dtype([("fuel_t", "f8"), ("ammunition_t", "f8"), ("mixed_t", "f8")])  # mixed: all classes together
READ_FRONT = np.dtype([("sorties", "f8")])  # sorties a day
READ_REGION = np.dtype([("wet_to_wet", "f8"), ("dry_to_wet", "f8"), ("wet_at_start", "f8")])  # chances, 6-hour step
READ_ORDER = np.dtype([("start_h", "f8")])
READ_LIFT = np.dtype([
    ("passage_h", "f8"), ("interval_h", "f8"),  # loading and passage; between waves
    ("guns", "f8"),  # of the ships that support it
])  # fmt: skip


class Reading(NamedTuple):
    """One reading of the ledger: every disputable quantity as this run takes it."""

    formations: Array  # (formation,) READ_FORMATION
    armies: Array  # (army,) READ_ARMY
    sources: Array  # (source,) READ_SOURCE
    pools: Array  # (pool,) READ_POOL
    fronts: Array  # (front,) READ_FRONT
    regions: Array  # (region,) READ_REGION
    orders: Array  # (order,) READ_ORDER
    lifts: Array  # (lift,) READ_LIFT


# By lines of the machine's cache: what every loop looks at; what counts and lists by cell need, and a march; what every
# step changes of all; men and arms; detachments; the books. An element fills whole lines.
FORMATION = np.dtype([
    ("place", "i8"),  # cell, -1 off the map
    ("plan", "i8"),
    ("heading", "i8"),  # cell it is marching to, -1 none
    ("target", "i8"),  # cell it attacks in this step, -1 none
    ("status", "u1"),
    ("fought", "u1"),  # 1 when in battle in this step
    ("masking", "u1"),  # 1 when held by a fortress it masks
    ("halted", "u1"),  # 1 when it stands for want of fuel
    ("withdrawing", "u1"),  # 1 when ordered back
    ("passive", "u1"),  # 1 when it obeys the cease-fire
    ("must_hold", "u1"),  # 1 when told to hold
    ("pressed", "u1"),  # 1 when attacked in this step by more than it should stand against
    ("men", "f8"),  # present
    ("cohesion", "f8"),  # 0..1
    ("plan_from_h", "f8"),  # time from which the plan may start
    ("counted", "i8"), ("counted_men", "f8"),  # cell and men with which it stands in the counts, -1 not
    ("listed", "i8"),  # cell in whose list it stands, -1 none
    ("stand_next", "i8"),  # next formation in the same cell
    ("leg", "i2"),  # next leg of the plan
    ("clears", "i2"),  # 1 when told to destroy whom it finds at the end of its plan
    ("retreats_km", "f4"),  # that it has still to fall back, beaten, 0 when not
    ("errand", "i8"),  # objective it marches to when its plan is done, -1 none
    ("progress", "f8"),  # 0..1 of the way to the next cell
    ("strung_h", "f8"),  # hours of passage by which its column is strung out behind its head
    ("pause_until_h", "f8"),  # no attack before
    ("sick", "f8"), ("died", "f8"),  # since H-hour: sick and injured out of the ranks; dead of sickness and accidents
    ("combat_days", "f8"),  # days of unbroken fighting
    ("prepared_days", "f8"),  # days of digging where it stands
    ("tanks_hit", "f8"), ("tanks_broken", "f8"),  # out of action now: by battle; by the march
    ("first_hit_h", "f8"),  # when it was first attacked
    ("fuel", "f8"),  # refills
    ("tanks", "f8"),  # present
    ("ammunition", "f8"),  # units of fire
    ("guns", "f8"),  # present
    ("tied", "f8"),  # of the men present, those tied to the rear
    ("order_h", "f8"),  # when the cease-fire order arrives
    ("killed", "f8"), ("wounded", "f8"),  # since H-hour; killed with missing
    ("attack_next", "i8"),  # next attacker of the same cell
    ("lead_place", "i8"),  # cell of its forward detachment, -1 none is out
    ("lead_heading", "i8"),  # cell the detachment is marching to, -1 none
    ("lead_plan", "i8"), ("lead_leg", "i8"),  # plan it was sent out under, its own next leg
    ("lead_progress", "f8"),  # 0..1 of its way to the next cell
    ("lead_km", "f8"),  # of march between the main body and the detachment
    ("lead_spent", "f8"),  # refills the detachment has burnt since it set out
    ("captured", "f8"), ("deserted", "f8"),  # since H-hour
    ("tanks_lost", "f8"),  # for good: written off or left to the enemy
    ("tanks_repaired", "f8"),  # since H-hour, as often as it happened
    ("battered", "f8"),  # share of its works' cover that siege guns have taken
    ("afloat", "f8"), ("unlanded", "f8"),  # shares of a landing force, and of its tanks and guns, not yet ashore
    ("ended_h", "f8"),  # when it laid down arms
    ("credited", "f8"),  # of its captured, those whom an army of the other side has counted
])  # fmt: skip
# What marches and sweeps read of a cell stands in its first line.
CELL = np.dtype([
    ("men", "f8", (2,)),  # by side: men of moving formations, for stacking
    ("taken_h", "f8"),  # when it last passed to its owner, -NEVER not in this run
    ("route_km", "f8"),  # how far from the route of march by which it passed, 0 on it
    ("owner", "i4"),
    ("stand_head", "i4"),  # first formation standing here
    ("defenders", "i2", (2,)),  # by side: field formations that would fight
    ("garrisons", "i2", (2,)),  # by side: garrisons that would fight
    ("entered", "u1"),  # 1 when its works have been penetrated
    ("in_line", "u1"),  # 1 while it stands in State.line
    ("changed", "u1"),  # 1 when it changed hands, or its railway, since supply was last measured
    ("hauls", "u1"),  # 1 where trains ran when supply was last measured
    ("line", "u2"),  # the owner's trains: 0 none, 1 captured ones, 2 his own
    ("faced", "u2"),  # room to work in: 1 when it lies beside the enemy
    ("noted", "i4"),  # room to work in: its row in State.passing and one, 0 while it has none
    ("battle_step", "i4"),  # last step with a battle
    ("attack_head", "i8"),  # first attacker
    ("battle_since", "i8"),  # step in which the present battle began
    ("first_h", "f8"),  # when the control side first held it, or won back what it had lost of its own; NEVER
    ("penetration_km", "f8"),  # depth of the present attack
    ("noise", "f8"),  # day-to-day intensity of the battle
    ("aimed_h", "f8"), ("aimed_men", "f8"),  # step's beginning in which it was last aimed at; men who did
    ("spare", "f8"),  # fills the second line
])  # fmt: skip
REGION = np.dtype([
    ("wet", "u1"), ("mud", "f8"),  # mud 0..1
    *((name, "f8") for name in SEASON_FIELDS),  # as the day of the year has them
    ("raids", "f8", (2,)), ("columns", "f8", (2,)),  # by side: sorties a day against it, formations on the march
    ("hindered", "f8", (2,)),  # by side: share of a day's movement that raids take
    # By ground, and for men on the march: the exponent of sickness as last reckoned, and the share it makes sick.
    ("sick_at", "f8", (PACE_SHAPE[2], 2)), ("sick_share", "f8", (PACE_SHAPE[2], 2)),
])  # fmt: skip
ORDER_STATE = np.dtype([("in_force_h", "f8")])  # NEVER until released
LIFT_STATE = np.dtype([
    ("due_h", "f8"), ("landed_h", "f8"),  # next arrival off the beach; first troops ashore
    ("beach_h", "f8"),  # when the present beach was won, NEVER
    ("cell", "i8"),  # where it is bound; river ships may take it further
])  # fmt: skip
FLOTILLA_STATE = np.dtype([("at", "i8"), ("gone_km", "f8"), ("aboard", "i8")])  # fairway row; km beyond; lift, -1
WORKS_STATE = np.dtype([
    ("fall_h", "f8"), ("manned_step", "i8"),  # last step in which somebody held them
    ("brought", "f8"),  # 0..1 of the way that siege guns have to come
    ("gun_days", "f8"),  # of heavy guns that have shelled them
])  # fmt: skip
HEADQUARTERS_STATE = np.dtype([("order_h", "f8")])  # when the order leaves it
POLITICS_STATE = np.dtype([
    ("hazard", "f8"),  # accumulated since H-hour
    ("decided_h", "f8"), ("broadcast_h", "f8"),  # NEVER until then, and where the calendar is history's
])  # fmt: skip
ARMY_STATE = np.dtype([
    ("halted_hours", "f8"),
    ("halt_began_h", "f8"),  # first hour in which at least half of its motor formations stood, NEVER
    ("met_h", "f8"),  # when one of its formations was first attacked or laid down arms
    ("prisoners", "f8"),  # men of the other side whom it has taken
    ("motor", "f8"), ("halted", "f8"),  # motor formations on the road, and those of them without fuel
    ("breaches", "f8"),  # cells whose defence gave way to it
    ("tasks", "f8"), ("sieges", "f8"),  # for engineers in this step, and the works among them
    ("in_line", "f8"), ("wounded", "f8"),  # in this step, those behind the line apart: men at its start, wounded since
    # Its trucks, as in READ_ARMY.trucks: truck tonnes under way, the goods in them, truck tonnes coming back, distance.
    ("fuel_out_t", "f8", (2,)), ("ammunition_out_t", "f8", (2,)),
    ("fuel_load_t", "f8", (2,)), ("ammunition_load_t", "f8", (2,)),
    ("back_t", "f8", (2,)), ("km", "f8", (2,)), ("kept", "f8", (2,)),  # kept: share of a load that arrives
    # Today: ordered and lacking, truck tonnes to load, goods issued, goods arrived.
    ("fuel_order_t", "f8"), ("ammunition_order_t", "f8"), ("fuel_room_t", "f8"), ("ammunition_room_t", "f8"),
    ("load_t", "f8", (2,)), ("tonne_km", "f8", (2,)), ("got_t", "f8"), ("fuel_part", "f8"),
    ("left_t", "f8"),  # still to load
    ("first", "i8"), ("last", "i8"),  # its first and last formation with a depot to be served from
    ("latest", "i8"),  # its last formation counted so far
    ("asked_t", "f8", (3,)), ("share", "f8", (3,)),  # fuel that each turn of filling up asks for, and gets of that
    ("fuel_come_t", "f8"), ("ammunition_come_t", "f8"),
    # Since H-hour, for the books.
    ("fuel_burnt_t", "f8"), ("fuel_issued_t", "f8"), ("ammunition_issued_t", "f8"), ("flown_t", "f8"),
])  # fmt: skip
SOURCE_STATE = np.dtype([
    ("ready_t", "f8"),  # tonnes unloaded and ready to issue
    ("left_t", "f8"),  # that it can still issue today
    ("asked_t", "f8"),  # of it today
    ("line_t", "f8"),  # asked today by those who are served over captured railways
    ("share", "f8"),  # of what is asked that it issues today
])  # fmt: skip
POOL_STATE = np.dtype([
    ("fuel_t", "f8"), ("ammunition_t", "f8"),  # in stock
    ("fuel_asked_t", "f8"), ("ammunition_asked_t", "f8"),  # of it today
    ("fuel_share", "f8"), ("ammunition_share", "f8"),  # of that which there is
])  # fmt: skip
SERVED = np.dtype([
    ("source", "i4"),  # depot nearest it by truck, -1 cut off, or full and not on the road
    ("ahead", "i4"),  # 1 for the foremost, who fill up first
    ("km", "f8"),  # truck distance from there
    ("line_km", "f8"),  # captured railway on the way
    ("fuel_t", "f8"), ("ammunition_t", "f8"),  # that it orders
    ("part", "f8", (2,)),  # of its army's two loads that are for it and are issued
    ("let_through", "f8"),  # share of its columns that raids leave
    ("following", "i8"),  # next formation of its army up to the last that is served, -1 none
])  # fmt: skip
RAIL_STATE = np.dtype([("trains", "i8"), ("laid_km", "f8")])  # side whose trains fit its gauge; re-laid for the owner
FRONT_STATE = np.dtype([
    ("battles", "f8"), ("present", "f8"),  # in this step; field formations on the map
    ("wet_sorties", "f8"), ("dry_sorties", "f8"),  # a day that raid for each of them, by the sky over it
    ("breaches", "f8"),  # cells whose defence gave way to it
])  # fmt: skip
POINT_STATE = np.dtype([("taker", "i8")])  # formation on its way there, -1 none
BATTLE = np.dtype([
    ("cell", "i8"),
    ("attack", "f8"),  # attackers' power after the frontage cap
    ("defence", "f8"),
    ("engaged", "f8"),  # share of the attackers that found room to fight
    ("fire", "f8"),  # points of ships' guns
    ("bridged", "f8"), ("sapped", "f8"),  # share taken from rivers; what engineers add against works
    ("lost", "f8"),  # share of their men that the attackers have lost in this step
])  # fmt: skip
ROAD_USE = np.dtype([
    ("free_h", "f4"),  # hour at which the last column that entered has passed
    ("opened_h", "f4"),  # hour at which the first column crossed, NEVER
])  # fmt: skip
WAY = np.dtype([("day", "i4"), ("source", "i4"), ("line_km", "f4")])  # a cell's way from its source, as found that day
PASSING = np.dtype([("cell", "i8"), ("hour", "f8"), ("route_km", "f8")])  # a cell that may pass, as in CELL


class State(NamedTuple):
    """All that changes in a run; the last ones are room to work in."""

    forces: Array  # (formation,) FORMATION
    ground: Array  # (cell,) CELL
    regions: Array  # (region,) REGION
    orders: Array  # (order,) ORDER_STATE
    lifts: Array  # (lift,) LIFT_STATE
    flotillas: Array  # (flotilla,) FLOTILLA_STATE
    works: Array  # (works,) WORKS_STATE
    headquarters: Array  # (headquarters,) HEADQUARTERS_STATE
    politics: Array  # (1,) POLITICS_STATE
    armies: Array  # (army,) ARMY_STATE
    sources: Array  # (source,) SOURCE_STATE
    pools: Array  # (pool,) POOL_STATE
    served: Array  # (formation,) SERVED
    rails: Array  # (rail cell,) RAIL_STATE
    fronts: Array  # (front,) FRONT_STATE
    points: Array  # (point,) POINT_STATE
    battles: Array  # (formation,) BATTLE
    pace: Array  # (mobility, road, ground) float64 dry march rates of this run, km a day
    terrain: Array  # (2, ground) float64 what the ground multiplies in this run: the defender's power, and losses
    roads: Array  # (cell, edge) ROAD_USE columns on the way out of each cell
    edge_power: Array  # (7,) float64 attackers' power by edge of one cell; 6 the beach
    supply_km: Array  # (side, cell) float32 truck distance from the nearest source; as in distances.py
    supply_from: Array  # (side, cell) the cell the trucks come from, -1 at a source; as wide as `near`
    truck_km: Array  # (cell, edge) float32 road-equivalent km of leaving a cell over an edge
    waiting: Array  # (entry,) buckets.WAITING
    heads: Array  # (bucket,) int32
    passing: Array  # (cell,) PASSING
    ways: Array  # (cell,) WAY
    changes: Array  # (cell + 1,) int64 cells that changed hands since supply was last measured; the last is their count
    line: Array  # (cell + 1,) int64 cells that passed in this run and may touch the other side; the last is their count
    doubtful: Array  # (cell,) int64 cells whose supply is being measured again


class Record(NamedTuple):
    """What one run leaves behind; shapes without the run as in simulation/variables.py."""

    first_control: Array  # (cell,)
    held_at_end: Array  # (cell,)
    reach_from: Array  # (cell,)
    reach_to: Array  # (cell,)
    works_fall: Array  # (works,)
    place: Array  # (step, formation)
    men: Array  # (day, formation)
    tanks: Array  # (day, formation)
    fuel: Array  # (day, formation)
    killed: Array  # (day, army)
    wounded: Array  # (day, army)
    captured: Array  # (day, army)
    prisoners: Array  # (day, army)
    sick: Array  # (day, army)
    died: Array  # (day, army)
    tanks_lost: Array  # (day, army)
    tanks_out: Array  # (day, army)
    tanks_repaired: Array  # (day, army)
    deserted: Array  # (day, army)
    halted_hours: Array  # (army,)
    halt_began: Array  # (army,)
    order_arrival: Array  # (formation,)
    capitulated: Array  # (formation,)
    landed: Array  # (lift,)
    surrender: Array  # (stage,)
    wet_share: Array  # (day,)
