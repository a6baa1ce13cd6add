"""The political calendar of a campaign as hours from H-hour."""

from datetime import datetime

import numpy as np

from khingan.engine.state import NEVER, POLITICAL_CALENDAR
from khingan.scenario.politics import Politics
from khingan.scenario.schema import Scenario

# Field of the engine's calendar -> shock of the campaign's.
SHOCK_OF = {
    "terms_h": "terms", "first_bomb_h": "first-bomb", "second_bomb_h": "second-bomb", "entry_h": "entry",
    "assurance_h": "assurance",
}  # fmt: skip


def political_calendar(scenario: Scenario, politics: Politics | None) -> np.ndarray:
    """(1,) POLITICAL_CALENDAR; without politics.yaml no shock ever comes and the entry is H-hour itself."""
    result = np.zeros(1, POLITICAL_CALENDAR).view(np.recarray)
    if politics is None:
        for field in SHOCK_OF:
            result[field] = NEVER
        result.exhausted_h, result.entry_h = NEVER, 0.0
        return result

    def hours(moment: datetime) -> float:
        return (moment - scenario.calendar.h_hour).total_seconds() / 3600.0

    result.from_h, result.exhausted_h = hours(politics.counted_from), hours(politics.exhausted_at)
    for field, shock in SHOCK_OF.items():
        result[field] = hours(politics.time(shock))
    return result
