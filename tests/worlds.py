"""Compiled worlds that several parts' tests use: the real campaign once, and the toy as each test wants it."""

from functools import cache
from pathlib import Path

import numpy as np

from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.world.compile import World, compile_world
from toy import change, write_toy_campaign

FAR_EAST = "far-east-1945"
# Variables of a chunk that are NaN for what never happened.
HOURS = ("first_control", "works_fall", "halt_began", "order_arrival", "capitulated", "landed", "surrender")
# A corps behind the toy's one division: a division alone stays before the works to mask them.
CORPS = (
    "su-corps,SU,su-army,,Corps,rifle,field,40000,300,900,,,45.0,130.7,Weston,attack,su-axis,,,,,,"
    "su-presence,su-strength,,\n"
)


@cache
def world_of(campaign: str) -> tuple[Scenario, World]:
    """A campaign of the package, read and compiled."""
    if campaign == FAR_EAST:
        return far_east(), far_east_world()
    return load(campaign), compile_world(load(campaign))


@cache
def far_east() -> Scenario:
    """The real campaign."""
    return load(FAR_EAST)


@cache
def far_east_world() -> World:
    """The real campaign as arrays."""
    return compile_world(far_east())


def toy_scenario(folder: Path, *, corps: bool = False, **options: float) -> Scenario:
    """The toy campaign, read; `corps` adds 40,000 men behind its division, the rest goes to `write_toy_campaign`."""
    write_toy_campaign(folder, **options)
    if corps:
        change(folder, "order_of_battle.csv", "su-landing,SU", CORPS + "su-landing,SU")
    return load(folder)


def toy_world(folder: Path, **options: float) -> World:
    """The toy campaign as arrays."""
    return compile_world(toy_scenario(folder, **options))


def same_bits(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    """Whether two chunks hold the same bytes under the same names."""
    return one.keys() == other.keys() and all(one[name].tobytes() == other[name].tobytes() for name in one)
