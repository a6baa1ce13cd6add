"""Issue: what an army orders, what its depots have and let go, what its trucks bring, and who gets it."""

from khingan.engine.air import hindrance_at
from khingan.engine.compiled import kernel
from khingan.engine.distances import is_cut_off
from khingan.engine.fetching import fetch
from khingan.engine.railways import RailwaysRules
from khingan.engine.state import MOTOR, NONE, PRESENT, Array, Reading, State, World
from khingan.engine.supply import SupplyRules, way_to
from khingan.engine.trucks import fleet_t, kept_share, may_load_t, under_way_share
from khingan.engine.weather import WeatherRules

ARMY_TRUCKS, FRONT_TRUCKS = 0, 1  # those that load at the nearest depot; those that load at the base of the front


@kernel
def open_depots(reading: Reading, state: State, rules: SupplyRules) -> None:
    """Stocks and trucks at H-hour: depots with some days of issue unloaded, all trucks empty at home."""
    for p in range(state.pools.shape[0]):
        mixed = reading.pools[p].mixed_t
        state.pools[p].fuel_t = (reading.pools[p].fuel_t + rules.mixed_fuel * mixed) * rules.depot_scale
        stock = reading.pools[p].ammunition_t + rules.mixed_ammunition * mixed
        state.pools[p].ammunition_t = stock * rules.depot_scale
    for s in range(state.sources.shape[0]):
        state.sources[s].ready_t = reading.sources[s].issue_t * rules.depot_scale * rules.depot_days
    for army in range(state.armies.shape[0]):
        state.armies[army].fuel_burnt_t, state.armies[army].flown_t = 0.0, 0.0
        state.armies[army].fuel_issued_t, state.armies[army].ammunition_issued_t = 0.0, 0.0
        for fleet in range(2):
            state.armies[army].fuel_out_t[fleet], state.armies[army].ammunition_out_t[fleet] = 0.0, 0.0
            state.armies[army].fuel_load_t[fleet], state.armies[army].ammunition_load_t[fleet] = 0.0, 0.0
            state.armies[army].back_t[fleet], state.armies[army].km[fleet] = 0.0, 0.0
            state.armies[army].kept[fleet] = 1.0


@kernel
def issue_supplies(
    world: World, reading: Reading, state: State, rules: SupplyRules, railways: RailwaysRules, weather: WeatherRules,
    day: int, days: float,
) -> None:  # fmt: skip
    """A day of supply: armies order, depots issue, trucks load and arrive, formations fill up.

    Everything is first added up, then shared, so that the order of the roster does not matter. Fuel is loaded before
    ammunition. Leaves out: rations and water, which take room on the same trucks; trucks lost; trains from the
    interior; stocks taken from the enemy.
    """
    pace = 1.0 - (1.0 - weather.mud_trucks) * mean_mud(state.regions)
    unload_trains(reading.sources, state.sources, rules, days)
    place_orders(world, reading.formations, state, rules, day)
    find_ways(world, state, rules, railways.captured_t_per_day)
    load_fleets(world, reading, state, rules, pace, days)
    draw_stocks(world, state)
    drive(state.armies, rules, pace, days)
    take_in(world.roster, reading.formations, state.forces, state.served, state.armies, rules)


@kernel
def unload_trains(read: Array, sources: Array, rules: SupplyRules, days: float) -> None:
    """Bring every depot's unloaded stock up: by its railhead where it has one, else as fast as it issues."""
    for s in range(sources.shape[0]):
        issue = read[s].issue_t * rules.depot_scale
        brought = min(issue, read[s].rail_t * rules.depot_scale) * days
        sources[s].ready_t = min(issue * rules.depot_days, sources[s].ready_t + brought)
        sources[s].line_t = 0.0


@kernel
def wants(read: Array, forces: Array, u: int, what: int) -> float:
    """Tonnes of fuel (what 0) or ammunition (1) that formation u lacks of its full load."""
    if forces[u].status != PRESENT or forces[u].place < 0:
        return 0.0
    if what == 0:
        return max(0.0, read[u].fuel_carried - forces[u].fuel) * read[u].refill_t
    return max(0.0, read[u].ammunition_carried - forces[u].ammunition) * read[u].unit_of_fire_t


@kernel
def place_orders(world: World, read: Array, state: State, rules: SupplyRules, day: int) -> None:
    """What each formation orders, from which depot, over how much captured railway; added up by army and depot.

    It orders what it lacks, and if it is to march on vehicles also what it will burn while the columns are under way.
    """
    served, armies = state.served, state.armies
    for army in range(armies.shape[0]):
        armies[army].fuel_order_t, armies[army].ammunition_order_t = 0.0, 0.0
        armies[army].fuel_room_t, armies[army].ammunition_room_t = 0.0, 0.0
    line_up(world.roster, served, armies)
    for u in range(served.shape[0]):
        fetch_way(state, u)
        find_source(world, state, day, u)
        served[u].fuel_t, served[u].ammunition_t = 0.0, 0.0
        if served[u].source == NONE:
            continue
        army = world.roster[u].army
        armies[army].first, armies[army].last = u if armies[army].first == NONE else armies[army].first, u
        fuel, ammunition = wants(read, state.forces, u, 0), wants(read, state.forces, u, 1)
        on_wheels = world.roster[u].mobility >= MOTOR and is_on_the_road(state.forces, u)
        if fuel + ammunition <= 0.0 and not on_wheels:
            served[u].source = NONE  # it is full, and nobody need look at it again
            continue
        armies[army].fuel_room_t += fuel
        armies[army].ammunition_room_t += ammunition
        if on_wheels:
            fuel += rules.sent_ahead * read[u].refill_t
        served[u].fuel_t, served[u].ammunition_t = fuel, ammunition
        armies[army].fuel_order_t += fuel
        armies[army].ammunition_order_t += ammunition
        if served[u].line_km > 0.0:
            state.sources[served[u].source].line_t += fuel + ammunition
    for army in range(armies.shape[0]):
        if armies[army].last != NONE:
            served[armies[army].last].following = NONE


@kernel
def line_up(roster: Array, served: Array, armies: Array) -> None:
    """Link the formations of each army in the order of the roster; none of them is served yet."""
    for army in range(armies.shape[0]):
        armies[army].first, armies[army].last, armies[army].latest = NONE, NONE, NONE
    for u in range(served.shape[0]):
        army = roster[u].army
        served[u].following = NONE
        if armies[army].latest != NONE:
            served[armies[army].latest].following = u
        armies[army].latest = u


@kernel
def fetch_way(state: State, u: int) -> None:
    """Have brought near where formations further on in the roster stand, and what the ways from there begin with."""
    last = state.forces.shape[0] - 1
    fetch(state.forces, min(u + 8, last))
    place = max(0, state.forces[min(u + 4, last)].place)
    fetch(state.ways, place)
    fetch(state.ground, place)


@kernel
def find_source(world: World, state: State, day: int, u: int) -> None:
    """Note the depot that formation u is served from, and how; -1 when it is off the map or cut off."""
    served, place, side = state.served, state.forces[u].place, world.roster[u].side
    served[u].source = NONE
    if place < 0 or state.forces[u].status != PRESENT:
        return
    if is_cut_off(state.supply_km[side], place):
        return
    way_to(world.edges, state.ground, world.sources, state.supply_from[side], state.ways, day, side, place)
    served[u].source, served[u].line_km = state.ways[place].source, state.ways[place].line_km
    served[u].let_through = 1.0 - hindrance_at(world.land, state.regions, place, side)
    served[u].km = state.supply_km[side, place]


@kernel
def find_ways(world: World, state: State, rules: SupplyRules, captured_t_per_day: float) -> None:
    """Each army's mean truck distance, by what is ordered; what captured trains cannot take drives beside the line."""
    served, armies = state.served, state.armies
    for army in range(armies.shape[0]):
        armies[army].tonne_km[ARMY_TRUCKS], armies[army].tonne_km[FRONT_TRUCKS] = 0.0, 0.0
    for u in range(served.shape[0]):
        s, weight = served[u].source, served[u].fuel_t + served[u].ammunition_t
        if s == NONE:
            continue
        if served[u].line_km > 0.0:
            by_train = min(1.0, captured_t_per_day / max(1e-9, state.sources[s].line_t))
            served[u].km += (1.0 - by_train) * served[u].line_km * (1.0 - rules.rail_km)
        army = world.roster[u].army
        armies[army].tonne_km[ARMY_TRUCKS] += weight * served[u].km
        armies[army].tonne_km[FRONT_TRUCKS] += weight * (served[u].km + world.sources[s].home_km)
    for army in range(armies.shape[0]):
        ordered = armies[army].fuel_order_t + armies[army].ammunition_order_t
        if ordered > 0.0:
            for fleet in range(2):
                armies[army].km[fleet] = armies[army].tonne_km[fleet] / ordered
                armies[army].kept[fleet] = kept_share(rules, armies[army].km[fleet])


@kernel
def load_fleets(
    world: World, reading: Reading, state: State, rules: SupplyRules, pace: float, days: float
) -> None:  # fmt: skip
    """What each army loads today: no more than it orders, less what is under way, nor than depots and trucks allow.

    The army's own trucks load first, at the depots nearest the troops; those of the front load what is then left, at
    their base. A depot shares a day's issue of what lies unloaded by what is asked of it.
    """
    armies, sources = state.armies, state.sources
    for army in range(armies.shape[0]):
        armies[army].left_t = armies[army].fuel_order_t + armies[army].ammunition_order_t
        for fleet in range(2):
            armies[army].left_t -= armies[army].fuel_load_t[fleet] + armies[army].ammunition_load_t[fleet]
    for s in range(sources.shape[0]):
        sources[s].left_t = min(reading.sources[s].issue_t * rules.depot_scale * days, sources[s].ready_t)
    for fleet in range(2):
        bring_up_trucks(reading.armies, armies, rules, fleet, pace, days)
        ask_depots(world, state, fleet)
        for s in range(sources.shape[0]):
            sources[s].share = min(1.0, sources[s].left_t / max(1e-9, sources[s].asked_t))
            sources[s].left_t = max(0.0, sources[s].left_t - sources[s].asked_t)
        let_go(world, state, fleet)


@kernel
def bring_up_trucks(read: Array, armies: Array, rules: SupplyRules, fleet: int, pace: float, days: float) -> None:
    """Truck tonnes of one fleet of each army that stand ready for what it still has to load."""
    for army in range(armies.shape[0]):
        kept = armies[army].kept[fleet]
        armies[army].load_t[fleet] = 0.0
        if armies[army].left_t > 0.0 and kept > 0.0:
            out = armies[army].fuel_out_t[fleet] + armies[army].ammunition_out_t[fleet]
            room = may_load_t(
                rules, fleet_t(rules, read[army].trucks[fleet]), out, armies[army].back_t[fleet],
                armies[army].km[fleet], pace, days,
            )  # fmt: skip
            armies[army].load_t[fleet] = min(armies[army].left_t / kept, room)


@kernel
def loads_at(sources: Array, s: int, fleet: int) -> int:
    """Where a fleet loads for troops nearest source s."""
    return s if fleet == ARMY_TRUCKS else sources[s].home


@kernel
def ask_depots(world: World, state: State, fleet: int) -> None:
    """Add up by depot what one fleet of every army wants to load there, formation by formation by what it orders."""
    served, sources, armies = state.served, state.sources, state.armies
    for s in range(sources.shape[0]):
        sources[s].asked_t = 0.0
    for u in range(served.shape[0]):
        s, army = served[u].source, world.roster[u].army
        ordered = armies[army].fuel_order_t + armies[army].ammunition_order_t
        served[u].part[fleet] = (served[u].fuel_t + served[u].ammunition_t) / ordered if ordered > 0.0 else 0.0
        if s != NONE:
            sources[loads_at(world.sources, s, fleet)].asked_t += served[u].part[fleet] * armies[army].load_t[fleet]


@kernel
def let_go(world: World, state: State, fleet: int) -> None:
    """Cut each formation's part to what its depot lets go, and take it off what its army still has to load."""
    served, armies = state.served, state.armies
    for u in range(served.shape[0]):
        s, army = served[u].source, world.roster[u].army
        if s != NONE:
            served[u].part[fleet] *= state.sources[loads_at(world.sources, s, fleet)].share
            served[u].part[fleet] *= served[u].let_through
            issued = served[u].part[fleet] * armies[army].load_t[fleet]
            armies[army].left_t = max(0.0, armies[army].left_t - issued * armies[army].kept[fleet])


@kernel
def draw_stocks(world: World, state: State) -> None:
    """Take what the depots let go out of the stocks and put it on the trucks: fuel first, as far as stocks last."""
    armies, pools, served = state.armies, state.pools, state.served
    choose_goods(world.roster, served, armies)
    for p in range(pools.shape[0]):
        pools[p].fuel_asked_t, pools[p].ammunition_asked_t = 0.0, 0.0
    for u in range(served.shape[0]):
        p = pool_of(world.sources, served, u)
        if p >= 0:
            for fleet in range(2):
                ammunition = goods_t(world.roster, served, armies, u, fleet)[1]
                pools[p].fuel_asked_t += issued_t(world.roster, served, armies, u, fleet) - ammunition
                pools[p].ammunition_asked_t += ammunition
    for p in range(pools.shape[0]):
        pools[p].fuel_share = min(1.0, pools[p].fuel_t / max(1e-9, pools[p].fuel_asked_t))
        pools[p].ammunition_share = min(1.0, pools[p].ammunition_t / max(1e-9, pools[p].ammunition_asked_t))
    for u in range(served.shape[0]):
        if served[u].source != NONE:
            put_on_trucks(world, state, u, ARMY_TRUCKS, served[u].source)
            put_on_trucks(world, state, u, FRONT_TRUCKS, world.sources[served[u].source].home)


@kernel
def choose_goods(roster: Array, served: Array, armies: Array) -> None:
    """The share of each army's issue that is fuel: all that it still has to order of it, if it gets so much."""
    for army in range(armies.shape[0]):
        armies[army].got_t = 0.0
    for u in range(served.shape[0]):
        if served[u].source != NONE:
            army = roster[u].army
            for fleet in range(2):
                armies[army].got_t += armies[army].kept[fleet] * issued_t(roster, served, armies, u, fleet)
    for army in range(armies.shape[0]):
        under_way = armies[army].fuel_load_t[ARMY_TRUCKS] + armies[army].fuel_load_t[FRONT_TRUCKS]
        fuel = max(0.0, armies[army].fuel_order_t - under_way)
        armies[army].fuel_part = min(1.0, fuel / max(1e-9, armies[army].got_t))


@kernel
def pool_of(sources: Array, served: Array, u: int) -> int:
    """The stock that formation u is served from, -1 none or without end."""
    return sources[served[u].source].pool if served[u].source != NONE else NONE


@kernel
def issued_t(roster: Array, served: Array, armies: Array, u: int, fleet: int) -> float:
    """Truck tonnes that may be loaded today for formation u on one fleet of its army."""
    return armies[roster[u].army].load_t[fleet] * served[u].part[fleet]


@kernel
def goods_t(roster: Array, served: Array, armies: Array, u: int, fleet: int) -> tuple[float, float]:
    """(fuel, ammunition) to arrive of those."""
    army = roster[u].army
    goods = issued_t(roster, served, armies, u, fleet) * armies[army].kept[fleet]
    return goods * armies[army].fuel_part, goods * (1.0 - armies[army].fuel_part)


@kernel
def put_on_trucks(world: World, state: State, u: int, fleet: int, s: int) -> None:
    """Load one fleet with what source s issues for formation u, with fuel for the round, and book it."""
    armies, army = state.armies, world.roster[u].army
    kept, p = armies[army].kept[fleet], world.sources[s].pool
    fuel, ammunition = goods_t(world.roster, state.served, armies, u, fleet)
    if p >= 0:
        fuel *= state.pools[p].fuel_share
        ammunition *= min(state.pools[p].fuel_share, state.pools[p].ammunition_share)
    if kept <= 0.0 or fuel + ammunition <= 0.0:
        return
    burnt = (fuel + ammunition) * (1.0 / kept - 1.0)
    add_load(armies, army, fleet, fuel, ammunition)
    armies[army].fuel_burnt_t += burnt
    armies[army].fuel_issued_t += fuel + burnt
    armies[army].ammunition_issued_t += ammunition
    state.sources[s].ready_t = max(0.0, state.sources[s].ready_t - fuel - ammunition - burnt)
    if p >= 0:
        state.pools[p].fuel_t = max(0.0, state.pools[p].fuel_t - fuel - burnt)
        state.pools[p].ammunition_t = max(0.0, state.pools[p].ammunition_t - ammunition)


@kernel
def add_load(armies: Array, army: int, fleet: int, fuel: float, ammunition: float) -> None:
    """Goods, and the truck room they and the fuel for the round take."""
    kept = armies[army].kept[fleet]
    armies[army].fuel_load_t[fleet] += fuel
    armies[army].ammunition_load_t[fleet] += ammunition
    armies[army].fuel_out_t[fleet] += fuel / kept
    armies[army].ammunition_out_t[fleet] += ammunition / kept


@kernel
def drive(armies: Array, rules: SupplyRules, pace: float, days: float) -> None:
    """Bring in what arrives, and the empty trucks home; what the army has no room for stays on the trucks."""
    for army in range(armies.shape[0]):
        armies[army].fuel_come_t, armies[army].ammunition_come_t = 0.0, 0.0
        for fleet in range(2):
            there = 1.0 - under_way_share(rules, armies[army].km[fleet], pace, days)
            load, room = armies[army].fuel_load_t[fleet], armies[army].fuel_room_t - armies[army].fuel_come_t
            fuel = min(there, max(0.0, room) / max(1e-9, load))
            load, room = (
                armies[army].ammunition_load_t[fleet],
                armies[army].ammunition_room_t - armies[army].ammunition_come_t,
            )
            ammunition = min(there, max(0.0, room) / max(1e-9, load))
            unload(armies, army, fleet, fuel, ammunition)
            armies[army].back_t[fleet] *= 1.0 - there


@kernel
def unload(armies: Array, army: int, fleet: int, fuel: float, ammunition: float) -> None:
    """These shares of the goods under way have arrived; their trucks turn back."""
    armies[army].fuel_come_t += fuel * armies[army].fuel_load_t[fleet]
    armies[army].ammunition_come_t += ammunition * armies[army].ammunition_load_t[fleet]
    armies[army].back_t[fleet] += fuel * armies[army].fuel_out_t[fleet]
    armies[army].back_t[fleet] += ammunition * armies[army].ammunition_out_t[fleet]
    armies[army].fuel_load_t[fleet] *= 1.0 - fuel
    armies[army].fuel_out_t[fleet] *= 1.0 - fuel
    armies[army].ammunition_load_t[fleet] *= 1.0 - ammunition
    armies[army].ammunition_out_t[fleet] *= 1.0 - ammunition


@kernel
def take_in(roster: Array, read: Array, forces: Array, served: Array, armies: Array, rules: SupplyRules) -> None:
    """Formations fill up with what has arrived: ammunition each by what it lacks, fuel by who is to go on.

    When there is less fuel than room, the foremost of the army's vehicles fill up first, then its other motor
    formations, then the vehicles of those on foot: a tenth for everybody would move nobody.
    """
    for army in range(armies.shape[0]):
        if armies[army].fuel_come_t > 0.0:
            scarce = armies[army].fuel_come_t < armies[army].fuel_room_t * (1.0 - 1e-9)
            give_fuel(roster, read, forces, served, armies, army, rules.foremost_share if scarce else 0.0)
        if armies[army].ammunition_come_t > 0.0:
            share = min(1.0, armies[army].ammunition_come_t / armies[army].ammunition_room_t)
            u = armies[army].first
            while u != NONE:
                if served[u].source != NONE:
                    forces[u].ammunition += share * wants(read, forces, u, 1) / max(1e-9, read[u].unit_of_fire_t)
                u = served[u].following


@kernel
def give_fuel(
    roster: Array, read: Array, forces: Array, served: Array, armies: Array, army: int, foremost_share: float
) -> None:
    """Hand out one army's fuel in three rounds: the foremost, the other motor formations, those on foot."""
    mark_foremost(roster, read, forces, served, armies, army, foremost_share)
    armies[army].asked_t[:] = 0.0
    u = armies[army].first
    while u != NONE:
        if served[u].source != NONE:
            armies[army].asked_t[turn_of(roster, served, u)] += wants(read, forces, u, 0)
        u = served[u].following
    left = armies[army].fuel_come_t
    for turn in range(3):
        armies[army].share[turn] = min(1.0, left / max(1e-9, armies[army].asked_t[turn]))
        left = max(0.0, left - armies[army].asked_t[turn])
    u = armies[army].first
    while u != NONE:
        if served[u].source != NONE:
            share = armies[army].share[turn_of(roster, served, u)]
            forces[u].fuel += share * wants(read, forces, u, 0) / max(1e-9, read[u].refill_t)
        u = served[u].following


@kernel
def turn_of(roster: Array, served: Array, u: int) -> int:
    """When formation u fills up: 0 first, 2 last."""
    if served[u].ahead:
        return 0
    return 1 if roster[u].mobility >= MOTOR else 2


@kernel
def mark_foremost(
    roster: Array, read: Array, forces: Array, served: Array, armies: Array, army: int, share: float
) -> None:
    """Mark the army's motor formations on the road furthest from their depot, up to a share of its vehicles."""
    left, u = 0.0, armies[army].first
    while u != NONE:
        served[u].ahead = 0
        if roster[u].mobility >= MOTOR and is_on_the_road(forces, u):
            left += share * read[u].refill_t
        u = served[u].following
    while left > 0.0:
        foremost, u = NONE, armies[army].first
        while u != NONE:
            if not served[u].ahead and served[u].source != NONE:
                if roster[u].mobility >= MOTOR and is_on_the_road(forces, u):
                    if foremost == NONE or served[u].km > served[foremost].km:
                        foremost = u
            u = served[u].following
        if foremost == NONE:
            return
        served[foremost].ahead = 1
        left -= read[foremost].refill_t


@kernel
def mean_mud(regions: Array) -> float:
    """Mud averaged over the regions, 0..1."""
    total = 0.0
    for region in range(regions.shape[0]):
        total += regions[region].mud
    return total / max(1, regions.shape[0])


@kernel
def fly_fuel(world: World, reading: Reading, state: State, weather: WeatherRules, days: float) -> None:
    """Transport aircraft bring an army's daily tonnage to its formations that stand without fuel, by what they lack."""
    read, forces = reading.formations, state.forces
    for army in range(state.armies.shape[0]):
        if reading.armies[army].airlift_t <= 0.0:
            continue
        asked = 0.0
        for u in range(forces.shape[0]):
            if world.roster[u].army == army and forces[u].halted:
                asked += wants(read, forces, u, 0)
        if asked <= 0.0:
            continue
        flown = reading.armies[army].airlift_t * days * (1.0 - (1.0 - weather.wet_air) * mean_mud(state.regions))
        flown, p = min(flown, asked), world.armies[army].pool
        if p >= 0:
            flown = min(flown, state.pools[p].fuel_t)
            state.pools[p].fuel_t -= flown
        state.armies[army].flown_t += flown
        for u in range(forces.shape[0]):
            if world.roster[u].army == army and forces[u].halted:
                forces[u].fuel += flown / asked * wants(read, forces, u, 0) / max(1e-9, read[u].refill_t)


@kernel
def is_on_the_road(forces: Array, u: int) -> bool:
    """True for a formation on the map that has a plan to follow."""
    return forces[u].status == PRESENT and forces[u].place >= 0 and forces[u].plan != NONE
