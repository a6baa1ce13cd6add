"""Slow twins of the kernels of weather, word, orders, wear, supply, politics and the record."""

from datetime import datetime, timedelta
from fractions import Fraction

import numpy as np
import plain
import plain_ranks
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_world import War, luck, strip, table, war

from khingan.engine.capitulation import hand_over, spread_word
from khingan.engine.chance import HANDOVER, ORDER_DELAY, WEATHER
from khingan.engine.cohesion import desert, recover
from khingan.engine.command import deliver_orders, weigh_stands
from khingan.engine.issue import issue_supplies, mark_foremost
from khingan.engine.muster import arrive
from khingan.engine.politics import decision_curve
from khingan.engine.record import record_day, record_end
from khingan.engine.repair import repair
from khingan.engine.security import guard_rear
from khingan.engine.sickness import fall_ill
from khingan.engine.state import GARRISON, NEVER, POLITICAL_CALENDAR, Record
from khingan.engine.supply import measure_supply
from khingan.engine.trucks import fleet_t, may_load_t, under_way_share
from khingan.engine.weather import begin_weather, change_weather, turn_season
from khingan.simulation.variables import VARIABLES

SHARE = st.floats(0.0, 1.0)
STEPS = st.sampled_from([1.0, 3.0, 6.0, 12.0])
MOTOR = 2


@settings(max_examples=20)
@given(st.floats(0.5, 0.95), st.floats(0.05, 0.4), STEPS, st.integers(0, 1000))
def test_skies_are_those_of_the_matrix_power(p11, p01, step_hours, run):
    found = war([])
    regions, rules = found.reading.regions, found.rules.weather
    regions.wet_to_wet, regions.dry_to_wet, regions.wet_at_start = p11, p01, 0.4
    begin_weather(regions, found.state.regions, rules, luck(run))
    start = plain.uniform(1945, run, 0, 0, int(WEATHER)) < 0.4
    expected = plain_ranks.skies(p11, p01, step_hours / rules.chain_hours, start, run, 40, int(WEATHER))
    for step in range(40):
        change_weather(regions, found.state.regions, rules, luck(run), step, step_hours)
        assert bool(found.state.regions.wet[0]) == expected[step]


@settings(max_examples=20)
@given(SHARE, SHARE, SHARE, SHARE, STEPS, st.integers(0, 1000))
def test_mud_and_spells_of_a_season_are_those_of_its_columns(drier, frost, thaw, snow, step_hours, run):
    season = {"drier": drier, "frost": frost, "thaw": thaw, "snow": snow}
    found = war([], season=season)
    regions, rules = found.reading.regions, found.rules.weather
    regions.wet_to_wet, regions.dry_to_wet, regions.wet_at_start = 0.85, 0.12, 0.4
    begin_weather(regions, found.state.regions, rules, luck(run))
    start = plain.uniform(1945, run, 0, 0, int(WEATHER)) < 0.4
    found.state.regions.mud = 0.0
    share = step_hours / rules.chain_hours
    wet = plain_ranks.skies(0.85, 0.12 * (1 - drier), share, start, run, 40, int(WEATHER))
    expected = plain_ranks.muds(wet, step_hours / 24, rules.mud_per_wet_day, rules.drying_days, season)
    for step in range(40):
        change_weather(regions, found.state.regions, rules, luck(run), step, step_hours)
        assert bool(found.state.regions.wet[0]) == wet[step]
        assert found.state.regions.mud[0] == pytest.approx(expected[step], rel=1e-6, abs=1e-6)


@settings(max_examples=30)
@given(st.integers(0, 364), st.integers(0, 2000), st.integers(-160, 160).map(lambda quarters: quarters / 4))
def test_the_season_is_the_row_of_the_calendar_s_day(start, now, shift):
    """A year as a list of dates: the day is found by adding hours to its first midnight."""
    found = war([], rules={"weather.season_shift": shift})
    year = np.zeros((1, 365), found.world.season.dtype).view(np.recarray)
    year.ice[0] = np.arange(365) / 365
    turn_season(year, float(start), found.state.regions, found.rules.weather, float(now))
    when = datetime(2001, 1, 1) + timedelta(days=start, hours=now) - timedelta(days=shift)
    assert found.state.regions.ice[0] == pytest.approx((when.timetuple().tm_yday - 1) / 365)


def test_word_and_handover_are_quantiles_of_their_distributions():
    found = war([{"side": 1, "headquarters": 0}] * 40, headquarters=[{}], run=5)
    w, s, r = found.world, found.state, found.rules.capitulation
    s.headquarters.order_h, s.supply_km[:] = 50.0, 0.0
    spread_word(w.edges, w.roster, w.step_hours, s.forces, s.supply_km, s.headquarters, r, found.luck, 50.0)
    alone = min(r.isolated_base + r.isolated_off_road, r.isolated_most)
    expected = [plain_ranks.word(found, u, 5, 50.0, alone) for u in range(40)]
    assert s.forces.order_h == pytest.approx(expected, rel=1e-7)
    # Nobody comes for them; the army met the enemy at hour 60.
    s.forces.passive, s.forces.first_hit_h = 1, 60.0
    hand_over(w.roster, w.step_hours, s.forces, s.armies, r, found.luck, 400.0)
    ends = [max(hour, 60.0) + 24 * plain_ranks.delay(5, 0, u, HANDOVER, r.handover_days, r.handover_log_sd)
            for u, hour in enumerate(expected)]  # fmt: skip
    told = [max(hour, 400.0) if hour < 406.0 else NEVER for hour in ends]
    assert s.forces.ended_h == pytest.approx(told, rel=1e-7)


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.floats(0, 60), st.sets(st.integers(0, 7))), min_size=1, max_size=8), STEPS, st.integers(0, 99)
)
def test_orders_hold_from_the_hours_worked_out_one_from_the_other(rows, step_hours, run):
    # Nobody waits in a ring: an even order waits only for odd ones of greater number, an odd one for smaller odd ones.
    count = len(rows)
    after = [sorted(b for b in waits if b < count and b % 2 and (b > a if a % 2 == 0 else b < a))
             for a, (_, waits) in enumerate(rows)]  # fmt: skip
    orders = [{"kind": 2, "start_h": start} for start, _ in rows]
    found = war([{}], orders=orders, conditions=[[(1, b, 0) for b in each] for each in after], step_hours=step_hours,
                run=run)  # fmt: skip
    rules = found.rules.command
    ready = [start + plain_ranks.delay(run, 0, n, ORDER_DELAY, rules.delay_h, rules.delay_log_sd)
             for n, (start, _) in enumerate(rows)]  # fmt: skip
    for step in range(round(360 / step_hours)):
        deliver_orders(found.world, found.reading, found.state, rules, found.luck, step * step_hours)
    assert found.state.orders.in_force_h == pytest.approx(plain_ranks.in_force(ready, after, step_hours), rel=1e-6)


@given(st.lists(st.tuples(st.integers(0, 18), st.floats(0, 9), st.floats(0, 9)), max_size=6, unique_by=lambda b: b[0]))
@settings(max_examples=20)
def test_the_pressed_stand_in_the_cells_attacked_by_more_than_they_should_bear(battles):
    found = war([{"side": 1, "start": cell} for cell in range(19)] + [{"start": 18}], east=range(19))
    for i, (cell, attack, defence) in enumerate(battles):
        found.state.battles[i].cell, found.state.battles[i].attack, found.state.battles[i].defence = (
            cell,
            attack,
            defence,
        )
        found.ground[cell].attack_head = 19
    s, rules = found.state, found.rules.command
    weigh_stands(found.world.roster, s.forces, s.ground, s.battles, rules, len(battles))
    expected = {cell for cell, attack, defence in battles if not attack < rules.stand_ratio * defence}
    assert set(np.flatnonzero(s.forces.pressed)) == expected


@given(st.lists(st.booleans(), max_size=30), st.integers(2, 20))
@settings(max_examples=20)
def test_rest_and_fatigue_in_exact_numbers(fought, recovery):
    found = war([{}], rules={"cohesion.recovery_days": float(recovery)})
    found.forces.cohesion = 0.5
    for step, each in enumerate(fought):
        found.forces.fought = each
        recover(6.0, found.state.forces, found.rules.cohesion, 6.0 * step)
    cohesion, tired = plain_ranks.rest(fought, Fraction(1, 4 * recovery))
    assert found.forces[0].cohesion == pytest.approx(float(cohesion), rel=1e-12)
    assert found.forces[0].combat_days == float(tired)


def test_who_deserts_is_drawn_from_the_chance_of_a_step():
    units = [{"quality": 0.05 + 0.01 * (n % 10), "start": 1 + n % 6, "side": 1} for n in range(60)]
    found = war([*units, {"start": 0}], east=range(1, 7), run=4)
    w, s, r = found.world, found.state, found.rules.cohesion
    desert(w.near, w.roster, 6.0, found.reading.formations, s.forces, s.ground, r, found.luck, 9)
    chance = -np.expm1(np.log1p(-r.desertion_per_day) / 4)
    poor = [unit["quality"] < r.desertion_below for unit in units]
    gone = [poor[u] and plain.uniform(1945, 4, 9, u, 33) < chance for u in range(60)]
    assert any(gone)
    assert (s.forces.status[:60] == 5).tolist() == gone


@given(st.floats(0, 0.05), STEPS, st.floats(0, 1), st.booleans())
@settings(max_examples=20)
def test_the_sick_and_the_dead_are_those_of_a_constant_flow(rate, step_hours, deaths, marching):
    found = war([{}], rules={"sickness.per_day": rate, "sickness.deaths": deaths})
    found.forces.progress, rules = 0.5 * marching, found.rules.sickness
    found.reading.formations.start = -1
    for step in range(round(120 / step_hours)):
        fall_ill(
            found.world.land,
            found.state.regions,
            step_hours,
            found.reading.formations,
            found.state.forces,
            rules,
            step * step_hours,
        )
    rate *= rules.ground[found.world.land.ground[0]] * (rules.marching if marching else 1)
    rates = np.array([[0, rate * (1 - deaths), rate * deaths], [0, 0, 0], [0, 0, 0]])
    expected = plain_ranks.flows(rates, [10_000.0, 0, 0], 5.0)
    unit = found.forces[0]
    assert [unit.men, unit.sick, unit.died] == pytest.approx(expected.tolist(), rel=1e-9, abs=1e-9)


@given(st.floats(0, 50), st.floats(0, 50), STEPS, SHARE, st.floats(0.5, 20))
@settings(max_examples=20)
def test_repair_is_a_flow_from_the_workshops(hit, broken, step_hours, share, mean_days):
    found = war([{"tanks": 30.0}], rules={"repair.share": share, "repair.days": mean_days})
    found.forces.tanks_hit, found.forces.tanks_broken = hit, broken
    for _ in range(round(96 / step_hours)):
        repair(step_hours, found.state.forces, found.rules.repair)
    rates = np.zeros((4, 4))  # hit, broken, running, lost
    rates[0] = [0, 0, share / mean_days, (1 - share) / mean_days]
    rates[1, 2] = 1 / mean_days
    unit = found.forces[0]
    got = [unit.tanks_hit, unit.tanks_broken, unit.tanks, unit.tanks_lost]
    assert got == pytest.approx(plain_ranks.flows(rates, [hit, broken, 30.0, 0.0], 4.0).tolist(), rel=1e-9, abs=1e-9)


@given(st.sets(st.integers(0, 18)), st.floats(0, 3000), st.floats(0, 3), st.floats(0, 0.1))
@settings(max_examples=20)
def test_those_whom_the_rear_ties_by_one_table(east, km, weight, abroad):
    units = [{"start": n, "side": n % 2, "role": GARRISON if n % 5 == 0 else 0} for n in range(19)]
    found = war(units, east=east, armies=({"tied": 0.1}, {"tied": 0.3}),
                rules={"security.weight": weight, "security.abroad_per_100_km": abroad})  # fmt: skip
    found.state.supply_km[:] = np.where(np.arange(19) % 7 == 0, np.inf, km + np.arange(19))
    guard_rear(found.world.land, found.world.roster, found.reading.armies, found.state.forces, found.state.supply_km,
               found.rules.security)  # fmt: skip
    assert found.forces.tied == pytest.approx(plain_ranks.tied(found), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("km", [100.0, 400.0])
@pytest.mark.parametrize("days", [1.0, 4.0, 15.0])
def test_trucks_in_short_steps_are_the_differential_equation(km, days):
    found = war([], rules={"supply.truck_burn_t_per_km": 0.0, "supply.trips_per_day": 1e9})
    rules, length = found.rules.supply, 0.005
    fleet, out, back, arrived = fleet_t(rules, 1000.0), 0.0, 0.0, 0.0
    for _ in range(round(days / length)):
        load = may_load_t(rules, fleet, out, back, km, 1.0, length)
        still = under_way_share(rules, km, 1.0, length)
        come = (out + load) * (1 - still)
        out, back, arrived = (out + load) * still, (back + come) * still, arrived + come
    rates = rules.truck_km_per_h * rules.driving_h / km, rules.driving_h / rules.loading_h
    assert (out, arrived) == pytest.approx(plain_ranks.circulation(fleet, *rates, days), rel=0.01)


@given(st.lists(st.integers(0, 900), min_size=1, max_size=5), st.integers(1, 2000))
@settings(max_examples=20)
def test_a_depot_is_shared_in_exact_proportion_to_the_orders(orders, tonnes):
    units = [{"mobility": MOTOR, "army": n, "side": 0, "fuel_carried": order / 100} for n, order in enumerate(orders)]
    found = war(units, strip(2), armies=[{"trucks": 1e6, "side": 0}] * len(orders), road=2,
                sources=[{"cell": 0, "side": 0, "issue_t": float(tonnes)}],
                rules={"supply.truck_load_t": 2.0, "supply.truck_burn_t_per_km": 0.0})  # fmt: skip
    found.forces.fuel, found.forces.ammunition = 0.0, 1.0
    r = found.rules
    found.state.ways.day = -1
    measure_supply(found.world, found.state, r.supply)
    issue_supplies(found.world, found.reading, found.state, r.supply, r.railways, r.weather, 0, 1.0)
    expected = [float(share) for share in plain_ranks.by_order(orders, tonnes)]
    assert found.state.armies.fuel_issued_t == pytest.approx(expected, rel=1e-9, abs=1e-6)


def fuelled(units: list[tuple[int, float, float]], tonnes: float, share: float) -> War:
    """One army of formations (mobility, refill in t, fuel at hand) along a road, after a day of issue."""
    rows = [{"mobility": m, "refill_t": refill, "plan": 0, "start": n} for n, (m, refill, _) in enumerate(units)]
    found = war(rows, strip(9), plans=[[8]], armies=({"trucks": 1e6}, {}), road=2,
                sources=[{"cell": 0, "side": 0, "issue_t": tonnes}],
                rules={"supply.truck_burn_t_per_km": 0.0, "supply.foremost_share": share})  # fmt: skip
    found.forces.fuel, found.forces.ammunition = [fuel for _, _, fuel in units], 1.0
    r = found.rules
    found.state.ways.day = -1
    measure_supply(found.world, found.state, r.supply)
    issue_supplies(found.world, found.reading, found.state, r.supply, r.railways, r.weather, 0, 1.0)
    return found


@given(st.lists(st.tuples(st.sampled_from([0, 2, 3]), st.floats(20, 300), SHARE), min_size=1, max_size=8),
       st.floats(1, 600), SHARE)  # fmt: skip
@settings(max_examples=30)
def test_fuel_is_poured_to_the_foremost_then_the_motorised_then_the_rest(units, tonnes, share):
    found = fuelled(units, tonnes, share)
    army, served = found.state.armies[0], found.state.served
    mark_foremost(
        found.world.roster, found.reading.formations, found.state.forces, served, found.state.armies, 0, share
    )
    motor = [u for u, (mobility, _, _) in enumerate(units) if mobility >= MOTOR]
    first = plain_ranks.foremost([float(served.km[u]) for u in motor], [units[u][1] for u in motor], share)
    ahead = {motor[n] for n in first}
    assert set(np.flatnonzero(served.ahead)) == ahead
    turn = np.array([0 if u in ahead else 1 if u in motor else 2 for u in range(len(units))])
    refill, had = np.array([refill for _, refill, _ in units]), np.array([fuel for _, _, fuel in units])
    wants, got = (1 - had) * refill, (found.forces.fuel - had) * refill
    if army.fuel_come_t < wants.sum() * (1 - 1e-6):
        poured = plain_ranks.poured(float(army.fuel_come_t), np.bincount(turn, wants, 3).tolist())
        assert np.bincount(turn, got, 3) == pytest.approx(poured, rel=1e-6, abs=1e-6)
    assert got.sum() == pytest.approx(min(army.fuel_come_t, wants.sum()), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("school", [1.0, 2.0, 3.0, 4.0])
@pytest.mark.parametrize("lost", [0.0, 0.6])
def test_the_decision_curve_is_the_integral_of_its_risk(school, lost):
    dates = {"from_h": -100.0, "exhausted_h": 2000.0, "terms_h": 1e9, "first_bomb_h": 130.5, "second_bomb_h": 200.0,
             "entry_h": 190.0, "assurance_h": 260.0}  # fmt: skip
    found = war([], rules={"politics.school": school})
    found = found.__class__(found.world._replace(politics=table(POLITICAL_CALENDAR, [dates])), found.reading,
                            found.rules, found.state, found.luck)  # fmt: skip
    hours = np.arange(0.0, 500.5, 0.5)
    out = np.empty(len(hours))
    decision_curve(found.world.politics, found.rules.politics, hours, lost, out)
    for hour in (100.0, 180.0, 230.0, 300.0, 500.0):
        assert out[int(2 * hour)] == pytest.approx(plain_ranks.decided(found, hour, lost), abs=2e-3)


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(-1, 5)), min_size=1, max_size=9), st.floats(0, 100))
@settings(max_examples=20)
def test_who_has_arrived_by_an_hour(rows, now):
    found = war([{"arrives_h": hour, "start": start} for hour, start in rows])
    arrive(found.world.roster, found.reading.formations, found.state.forces, now)
    there = [start if float(np.float32(hour)) <= now and start >= 0 else -1 for hour, start in rows]
    assert found.forces.place.tolist() == there
    assert (found.forces.status == 1).tolist() == [place >= 0 for place in there]


@given(st.integers(0, 2**32))
@settings(max_examples=10)
def test_the_record_is_made_of_sums_over_armies(seed):
    rng = np.random.default_rng(seed)
    found = war([{"army": n % 3, "side": 0} for n in range(12)], armies=[{"side": 0}] * 3)
    sizes = {"cell": 19, "formation": 12, "army": 3, "works": 0, "lift": 0, "day": 1, "stage": 2, "step": 4}
    record = Record(**{name: np.zeros([sizes[d] for d in VARIABLES[name].dims], VARIABLES[name].dtype)
                       for name in Record._fields})  # fmt: skip
    columns = ("killed", "wounded", "captured", "sick", "died", "deserted", "tanks_lost", "tanks_repaired")
    for name in (*columns, "tanks_hit", "tanks_broken", "order_h"):
        found.forces[name][:] = rng.uniform(0, 1000, 12)
    w, s = found.world, found.state
    record_day(w.roster, s.forces, s.regions, s.armies, record, 0)
    record_end(0, s.forces, s.ground, s.lifts, s.works, s.armies, s.politics, record, 500.0)
    for name in columns:
        assert getattr(record, name)[0] == pytest.approx(np.bincount(w.roster.army, s.forces[name]), rel=1e-6)
    out = s.forces.tanks_hit + s.forces.tanks_broken
    assert record.tanks_out[0] == pytest.approx(np.bincount(w.roster.army, out), rel=1e-6)
    assert record.order_arrival == pytest.approx(
        np.where(s.forces.order_h <= 500, s.forces.order_h, np.nan), nan_ok=True
    )
