"""Rear security: men whom railways, towns and long lines of communication keep from the front."""

from typing import NamedTuple

from khingan.engine.compiled import kernel
from khingan.engine.distances import is_cut_off
from khingan.engine.occupation import moves_as_a_body
from khingan.engine.state import PRESENT, Array


class SecurityRules(NamedTuple):
    """Parameters of parameters/security.yaml."""

    weight: float
    abroad_per_100_km: float
    most: float


@kernel
def guard_rear(
    land: Array, roster: Array, army_readings: Array, forces: Array, supply_km: Array, rules: SecurityRules
) -> None:
    """Fix how many men of each field formation the rear ties; done when supply is measured, once a day.

    At home, on ground that was its side's at H-hour: the share that the ledger claims for its army. Abroad: a share for
    every 100 km that supply has to be driven, at most `most`; cut off, it guards nothing. Leaves out: raids, cuts of
    the line, guards that come together when the front calls them.
    """
    for u in range(forces.shape[0]):
        place = forces[u].place
        if forces[u].status != PRESENT or place < 0 or not moves_as_a_body(roster[u].role):
            continue
        side = roster[u].side
        share = army_readings[roster[u].army].tied
        if land[place].owner != side:
            km, share = supply_km[side], 0.0
            if not is_cut_off(km, place):
                share = min(rules.most, rules.abroad_per_100_km * km[place] / 100.0)
        forces[u].tied = min(1.0, rules.weight * share) * forces[u].men
