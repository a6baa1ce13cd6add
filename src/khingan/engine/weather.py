"""Weather: wet spells by region, and the mud they leave."""

from typing import NamedTuple

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


@kernel
def begin_weather(read_regions: Array, regions: Array, rules: WeatherRules, luck: int) -> None:
    """Draw whether each region is wet at H-hour; the ground starts as wet as the sky."""
    for region in range(regions.shape[0]):
        wet = draw(luck, 0, region, WEATHER) < read_regions[region].wet_at_start
        regions[region].wet = wet
        regions[region].mud = rules.mud_at_start if wet else 0.0


@kernel
def change_weather(
    read_regions: Array, regions: Array, rules: WeatherRules, luck: int, step: int, step_hours: float
) -> None:
    """One transition of each region's two-state chain (Gabriel and Neumann 1962), then mud rises or dries.

    The chain's chances are for steps of `chain_hours`. For another step they follow from its memory, l = p11 - p01:
    it converges on its share of wet time as l^t, so spells are as long whatever the step.
    Leaves out: heavy against light rain, rivers in flood, fog.
    """
    days = step_hours / 24.0
    for region in range(regions.shape[0]):
        wet_to_wet, dry_to_wet = read_regions[region].wet_to_wet, read_regions[region].dry_to_wet
        memory = max(0.0, wet_to_wet - dry_to_wet)
        share = dry_to_wet / max(1e-9, 1.0 - wet_to_wet + dry_to_wet)
        kept = memory ** (step_hours / rules.chain_hours)
        chance = share + (1.0 - share) * kept if regions[region].wet else share * (1.0 - kept)
        regions[region].wet = draw(luck, step + 1, region, WEATHER) < chance
        change = rules.mud_per_wet_day * days if regions[region].wet else -days / rules.drying_days
        regions[region].mud = min(1.0, max(0.0, regions[region].mud + change))
