"""How an attacker answers: his options of the campaign's game, and the one that pays best against what he meets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from khingan.errors import KhinganError, suggestion
from khingan.experiment.change import Factor, Measure, Repertoire
from khingan.experiment.solve import Game, Strategy, strategies

FROZEN, ADAPTING = "frozen", "adapting"


@dataclass(frozen=True)
class Reply:
    """The option the attacker takes where these factors are away."""

    off: tuple[str, ...]
    option: str


@dataclass(frozen=True)
class Replies:
    """The options, and by which measure they are judged: none where the plan is frozen."""

    options: tuple[Strategy, ...]
    historical: int = 0
    measures: tuple[Measure, ...] = ()
    sign: float = 1.0

    def best(self, played: Mapping[int, np.ndarray]) -> int:
        """Of options with their (run, measure) that with the best mean of the last measure; history's among equals."""
        if len(played) == 1:
            return next(iter(played))
        return max(played, key=lambda k: (self.sign * float(played[k][:, -1].mean()), k == self.historical))

    def identity(self) -> dict[str, Any]:
        """What makes two sets of answers the same; nothing where the plan is frozen."""
        if not self.measures:
            return {}
        options = {option.name: list(option.changes) for option in self.options}
        judged = [measure.model_dump(mode="json", exclude={"file", "line"}) for measure in self.measures]
        return {"replies": {"options": options, "measures": judged, "sign": self.sign}}


def no_replies() -> Replies:
    """The plan as it was, whatever the defender does."""
    return Replies((Strategy("", ()),))


def replies_of(game: Game, repertoire: Repertoire, factors: Sequence[Factor]) -> Replies:
    """The answers to these factors: the options of the attacker's choices that they name.

    Raises KhinganError where none of them is answered, or the game has no such choice.
    """
    wanted = list(dict.fromkeys(factor.answered for factor in factors if factor.answered))
    if not wanted:
        what = "the attacker has an answer to none of these factors"
        raise KhinganError("--attacker adapting", what, "name a factor with `answered`, such as surprise_direction")
    for name in wanted:
        if name not in game.attacker:
            raise KhinganError(f"answered: {name}", "no choice of the attacker", suggestion(name, game.attacker))
    choices = {name: game.attacker[name] for name in wanted}
    options = tuple(strategies(choices))
    historical = [option.name for option in options].index(", ".join(choice.historical for choice in choices.values()))
    sign = 1.0 if game.attacker_wants == "more" else -1.0
    return Replies(options, historical, (repertoire.measures[game.measure],), sign)
