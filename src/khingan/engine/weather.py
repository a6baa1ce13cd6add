"""Weather: the season by region, wet spells, and the mud they leave."""

from typing import NamedTuple

import numpy as np

from khingan.engine.chance import WEATHER, draw
from khingan.engine.compiled import kernel
from khingan.engine.state import Array


class WeatherRules(NamedTuple):
    """Parameters of parameters/weather.yaml."""

    chain_hours: float
    mud_at_start: float
    mud_per_wet_day: float
    drying_days: float
    mud_pace: Array  # (mobility,) share of the dry march rate in full mud
    wet_attack: float
    wet_casualties: float
    wet_air: float
    mud_trucks: float
    season_shift: float


@kernel
def begin_weather(read_regions: Array, regions: Array, rules: WeatherRules, luck: int) -> None:
    """Draw whether each region is wet at H-hour; the ground starts as wet as the sky."""
    for region in range(regions.shape[0]):
        wet = draw(luck, 0, region, WEATHER) < read_regions[region].wet_at_start
        regions[region].wet = wet
        regions[region].mud = rules.mud_at_start * (1.0 - regions[region].frost) if wet else 0.0
        regions[region].mud = max(regions[region].mud, regions[region].snow)


@kernel
def turn_season(season: Array, season_day: float, regions: Array, rules: WeatherRules, now: float) -> None:
    """Put every region into the season of the day; season (region, day of the year) SEASON.

    The year is early or late by `season_shift` days everywhere. Leaves out: years that are wet or cold throughout.
    """
    days = season.shape[1]
    day = int(np.floor(season_day + now / 24.0 - rules.season_shift)) % days
    for region in range(regions.shape[0]):
        regions[region].drier, regions[region].thaw = season[region, day].drier, season[region, day].thaw
        regions[region].frost, regions[region].snow = season[region, day].frost, season[region, day].snow
        regions[region].ice, regions[region].dark = season[region, day].ice, season[region, day].dark
        regions[region].cold = season[region, day].cold


@kernel
def change_weather(
    read_regions: Array, regions: Array, rules: WeatherRules, luck: int, step: int, step_hours: float
) -> None:
    """One transition of each region's two-state chain (Gabriel and Neumann 1962), then mud rises or dries.

    The chain's chances are for steps of `chain_hours`. For another step they follow from its memory, l = p11 - p01:
    it converges on its share of wet time as l^t, so spells are as long whatever the step. The season makes wet spells
    rarer. On frozen ground rain makes no mud, mud hardens as it dries, and snow lies; a thaw makes mud without rain.
    Leaves out: heavy against light rain, rivers in flood, fog, drifting snow.
    """
    days = step_hours / 24.0
    for region in range(regions.shape[0]):
        wet_to_wet = read_regions[region].wet_to_wet
        dry_to_wet = read_regions[region].dry_to_wet * (1.0 - regions[region].drier)
        memory = max(0.0, wet_to_wet - dry_to_wet)
        share = dry_to_wet / max(1e-9, 1.0 - wet_to_wet + dry_to_wet)
        kept = memory ** (step_hours / rules.chain_hours)
        chance = share + (1.0 - share) * kept if regions[region].wet else share * (1.0 - kept)
        regions[region].wet = draw(luck, step + 1, region, WEATHER) < chance
        frost = regions[region].frost
        change = rules.mud_per_wet_day * days if regions[region].wet else -days / rules.drying_days
        if frost > 0.0 and regions[region].wet:
            change = change * (1.0 - frost) - frost * days / rules.drying_days
        change += regions[region].thaw * rules.mud_per_wet_day * days
        regions[region].mud = min(1.0, max(regions[region].snow, regions[region].mud + change))
