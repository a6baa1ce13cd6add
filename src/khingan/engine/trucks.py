"""Trucks: a fleet goes round between where it loads and where the troops are, and the way takes its time."""

from khingan.engine.compiled import kernel
from khingan.engine.supply import SupplyRules


@kernel
def fleet_t(rules: SupplyRules, trucks: float) -> float:
    """Tonnes that all trucks on the road hold at once."""
    return trucks * rules.truck_scale * rules.truck_load_t * rules.truck_available


@kernel
def arriving_per_day(rules: SupplyRules, km: float, pace: float) -> float:
    """Share of the trucks on the way that arrive in a day; `pace` is what mud leaves of their speed."""
    return rules.truck_km_per_h * rules.driving_h * pace / max(1.0, km)


@kernel
def kept_share(rules: SupplyRules, km: float) -> float:
    """Share of a load that is left after what the truck burns on the way out and back."""
    return max(0.0, 1.0 - 2.0 * km * rules.truck_burn_t_per_km / rules.truck_load_t)


@kernel
def may_load_t(rules: SupplyRules, fleet: float, out: float, back: float, km: float, pace: float, days: float) -> float:
    """Most tonnes that a fleet of `fleet` tonnes can load in `days`, with `out` under way and `back` coming back empty.

    Loading, way out, unloading, way back and loading again, each left at a rate per day: driving_h / loading_h at
    the depot, v driving_h / km on either way. Solved at the end of the day (implicit Euler), so that short trips,
    several a day, stay stable. A fleet on a steady way loads as much as in delivered_t_per_day (T24), but first loads
    take their time, and a front that runs away from its depots is fed later and less.
    """
    way = days * arriving_per_day(rules, km, pace)
    load = days * rules.driving_h / rules.loading_h
    returned = 1.0 + way / (1.0 + way)
    home = (fleet - out / (1.0 + way) * returned - back / (1.0 + way)) / (1.0 + load * returned / (1.0 + way))
    return max(0.0, min(load * home, rules.trips_per_day * fleet * days))


@kernel
def under_way_share(rules: SupplyRules, km: float, pace: float, days: float) -> float:
    """Share of what is on the way, today's loads among it, that is still there at the end of `days`."""
    return 1.0 / (1.0 + days * arriving_per_day(rules, km, pace))
