"""Where and when: the attacker's and the defender's choices as a game on simulated payoffs."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import product
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field, ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.record import Record, fault
from khingan.evidence.yaml_tree import YamlTree, read_yaml
from khingan.experiment.apply import change_scenario
from khingan.experiment.arm import CHUNK, Ground
from khingan.experiment.cells import Cells, default_folder, play_grid
from khingan.experiment.change import Change, Measure, Repertoire
from khingan.experiment.game import double_oracle, equilibrium, exploitability, resampled
from khingan.experiment.gauge import unit_of
from khingan.scenario.schema import Scenario
from khingan.simulation.run import Progress, Stopped, quiet
from khingan.simulation.settings import DRAWN, Settings
from khingan.simulation.study import Study

FILE = "game.yaml"
WANTED = 0.02  # standard error of an entry as a share of the range of all payoffs
TIMES = 400  # resamplings of the runs behind every interval
ORACLE_ABOVE = 60  # a larger matrix is not played whole: best replies alone are


class Choice(Record):
    """One thing a side decides, and its options: a name and the changes that make it."""

    options: dict[str, tuple[str, ...]] = Field(min_length=1)
    historical: str


class Game(Record):
    """What both sides choose, and what the attacker is paid: the measure, or its negative where less is better."""

    what: str = Field(min_length=1)
    measure: str
    attacker_wants: str = Field(pattern="^(more|less)$")
    attacker: dict[str, Choice] = Field(min_length=1)
    defender: dict[str, Choice] = Field(min_length=1)
    knowing: dict[str, str] = Field(default_factory=dict)


@dataclass(frozen=True)
class Strategy:
    """One option of each choice of a side, and the changes they come to."""

    name: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval over resampled runs."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Played:
    """A strategy, its probability in the equilibrium, and how often it has any when the runs are drawn again."""

    strategy: str
    probability: float
    low: float
    high: float
    used: float


@dataclass(frozen=True)
class Solution:
    """The game of a campaign. `payoff` (attacker, defender) in the unit of the measure.

    `error`: largest standard error of an entry as a share of the range of payoffs. Exploitabilities and values of
    deception are gains, in the same unit, whichever way the attacker wants the measure.
    """

    campaign: str
    what: str
    measure: str
    unit: str
    attacker_wants: str
    runs: int
    seed: int
    entries: int
    error: float
    value: Estimate
    attacker: tuple[Played, ...]
    defender: tuple[Played, ...]
    historical: tuple[str, str]
    historical_value: Estimate
    exploitability_attacker: Estimate
    exploitability_defender: Estimate
    deception: dict[str, Estimate] = field(default_factory=dict)
    payoff: tuple[tuple[float, ...], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The documented JSON object."""
        return asdict(self)


def read_game(scenario: Scenario, repertoire: Repertoire, own: str | Path = "") -> Game:
    """The campaign's game, or one of a user's own file; all its faults at once."""
    path = Path(own) if own else Path(scenario.folder) / FILE
    if not path.is_file():
        raise KhinganError(str(path), "no game stands here", f"write {FILE}, or name one with --game")
    problems: list[Problem] = []
    tree = read_yaml(path.parent, path.name, problems)
    game = None
    if tree is not None:
        try:
            game = Game.model_validate(_plain(tree.content))
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                problems.append(tree.problem(detail["loc"], *fault(detail, list(Game.model_fields))))
    if game is not None and tree is not None:
        problems += _doubts(game, tree, repertoire)
    if problems or game is None:
        raise CampaignError(str(path), problems)
    return game


def _plain(content: Any) -> Any:
    if isinstance(content, dict):
        return {str(key): _plain(value) for key, value in content.items()}
    return [_plain(entry) for entry in content] if isinstance(content, list) else content


def _doubts(game: Game, tree: YamlTree, repertoire: Repertoire) -> list[Problem]:
    """Names the campaign does not have."""
    found = []
    if game.measure not in repertoire.measures:
        remedy = suggestion(game.measure, repertoire.measures)
        found.append(tree.problem(("measure",), f"no measure '{game.measure}'", remedy))
    for side in ("attacker", "defender"):
        for name, choice in getattr(game, side).items():
            where = (side, name)
            if choice.historical not in choice.options:
                remedy = suggestion(choice.historical, choice.options)
                found.append(tree.problem((*where, "historical"), f"no option '{choice.historical}'", remedy))
            unknown = {option: set(changes) - set(repertoire.changes) for option, changes in choice.options.items()}
            for option, change in ((option, change) for option, changes in unknown.items() for change in changes):
                remedy = suggestion(change, repertoire.changes)
                found.append(tree.problem((*where, "options", option), f"no change '{change}'", remedy))
    for name, option in game.knowing.items():
        if name not in game.defender or option not in game.defender[name].options:
            found.append(tree.problem(("knowing", name), "no option of the defender", "name one of his choices"))
    return found


def strategies(choices: dict[str, Choice]) -> list[Strategy]:
    """Every combination of options, the first choice slowest."""
    made = []
    for options in product(*(choice.options.items() for choice in choices.values())):
        changes = dict.fromkeys(change for _, named in options for change in named)
        made.append(Strategy(", ".join(name for name, _ in options), tuple(changes)))
    return made


def named(choices: dict[str, Choice], chosen: dict[str, str]) -> str:
    """The strategy with these options, the historical one where a choice is not named."""
    return ", ".join(chosen.get(name, choice.historical) for name, choice in choices.items())


@dataclass(frozen=True)
class Contest:
    """A game on a campaign, ready to be played."""

    scenario: Scenario
    repertoire: Repertoire
    game: Game
    seed: int = 1945
    settings: Settings = DRAWN

    @property
    def measure(self) -> Measure:
        """What is paid."""
        return self.repertoire.measures[self.game.measure]

    @property
    def knowing(self) -> str:
        """The plan of a defender who believes the truth; empty where the game does not say."""
        return named(self.game.defender, self.game.knowing) if self.game.knowing else ""

    def sides(self) -> tuple[list[Strategy], list[Strategy]]:
        """The strategies of both."""
        return strategies(self.game.attacker), strategies(self.game.defender)

    def changes(self, cell: int) -> tuple[Change, ...]:
        """The changes of an entry, numbered row by row."""
        attackers, defenders = self.sides()
        row, column = divmod(cell, len(defenders))
        names = dict.fromkeys((*attackers[row].changes, *defenders[column].changes))
        return self.repertoire.chosen(names)

    def identity(self) -> dict[str, Any]:
        """What makes two games the same."""
        study = Study.plan(self.scenario, 0, self.seed, self.settings)
        sides = [[strategy.name for strategy in side] for side in self.sides()]
        cells = range(len(sides[0]) * len(sides[1]))
        return {
            "campaign": study.campaign, "fingerprint": study.fingerprint, "code": study.code,
            "parameter_files": study.parameter_files, "seed": self.seed, "settings": self.settings.as_dict(),
            "measure": self.measure.model_dump(mode="json", exclude={"file", "line"}), "strategies": sides,
            "changes": [[change.model_dump(mode="json", exclude={"file", "line"}) for change in self.changes(cell)]
                        for cell in cells],
        }  # fmt: skip

    def default_folder(self) -> Path:
        """A new folder's name: campaign, seed and time (UTC)."""
        return default_folder("game", self.scenario.calendar.name, self.seed)


def solve(
    contest: Contest, out: Path, least: int = 50, most: int = 400, workers: int | None = None,
    progress: Progress = quiet,
) -> Solution:  # fmt: skip
    """Play the entries that are needed, more runs of each until their error is small, and solve.

    What stands in `out` from an earlier call of the same game is not played again.
    """
    attackers, defenders = contest.sides()
    cells = Cells(out, contest.identity(), "game")
    ground = Ground.of(contest.scenario, contest.settings, [contest.measure])
    for cell in range(len(attackers) * len(defenders)):
        change_scenario(
            contest.scenario, contest.settings, contest.changes(cell)
        )  # contradictions show before anything is played
    sign = 1.0 if contest.game.attacker_wants == "more" else -1.0
    runs = min(least, most)
    try:
        ground.warm(progress)
        while True:
            rows, columns = _square(contest, ground, cells, runs, sign, workers, progress)
            values = _payoffs(contest, ground, cells, (rows, columns), runs, workers, progress)
            error = _error(values)
            if error <= WANTED or runs >= most:
                return _solution(contest, sign * values, (rows, columns), error)
            runs = min(most, CHUNK * ceil(runs * min(4.0, 1.1 * (error / WANTED) ** 2) / CHUNK))
    except KeyboardInterrupt:
        raise Stopped(f"{out} | stopped: finished chunks are kept | repeat the command with --out {out}") from None


def _square(
    contest: Contest, ground: Ground, cells: Cells, runs: int, sign: float, workers: int | None, progress: Progress
) -> tuple[list[int], list[int]]:
    """The strategies that count: all of a small game; of a large one the best replies, from history's plans on.

    The plan of a defender who knows is always among them, for the value of deception is reckoned against it.
    """
    attackers, defenders = contest.sides()
    if len(attackers) * len(defenders) <= ORACLE_ABOVE:
        return list(range(len(attackers))), list(range(len(defenders)))

    def payoff(row: int, column: int) -> float:
        return sign * float(_payoffs(contest, ground, cells, ([row], [column]), runs, workers, quiet).mean())

    def ahead(entries: list[tuple[int, int]]) -> None:
        cells_wanted = [row * len(defenders) + column for row, column in entries]
        if cells_wanted:
            play_grid(ground, cells, contest.changes, cells_wanted, runs, contest.seed, workers, progress)

    found = double_oracle(payoff, len(attackers), len(defenders), _historical(contest), ahead=ahead)
    knowing = [k for k, strategy in enumerate(defenders) if strategy.name == contest.knowing]
    return sorted(found.rows), sorted({*found.columns, *knowing})


def _payoffs(
    contest: Contest, ground: Ground, cells: Cells, square: tuple[Sequence[int], Sequence[int]], runs: int,
    workers: int | None, progress: Progress,
) -> np.ndarray:  # fmt: skip
    """(row, column, run) of the measure for these strategies."""
    rows, columns = square
    width = len(contest.sides()[1])
    wanted = [row * width + column for row in rows for column in columns]
    found = play_grid(ground, cells, contest.changes, wanted, runs, contest.seed, workers, progress)
    return found[:, :, 0].reshape(len(rows), len(columns), runs)


def _error(values: np.ndarray) -> float:
    """Largest standard error of an entry's difference from the mean entry, as a share of the range of payoffs.

    Entries share their luck, and what all have in common moves the value alone and no choice.
    """
    apart = values - values.mean(axis=(0, 1))
    span = float(np.ptp(values.mean(axis=2)))
    error = float((apart.std(axis=2, ddof=1) / np.sqrt(values.shape[2])).max())
    return error / span if span > 0 else 0.0


def _historical(contest: Contest) -> tuple[int, int]:
    attackers, defenders = contest.sides()
    game = contest.game
    return (
        [strategy.name for strategy in attackers].index(named(game.attacker, {})),
        [strategy.name for strategy in defenders].index(named(game.defender, {})),
    )


def _solution(contest: Contest, paid: np.ndarray, square: tuple[list[int], list[int]], error: float) -> Solution:
    """The game solved on what the attacker is paid (row, column, run)."""
    attackers, defenders = ([side[k] for k in kept] for side, kept in zip(contest.sides(), square, strict=True))
    row, column = (kept.index(k) for kept, k in zip(square, _historical(contest), strict=True))
    sign = 1.0 if contest.game.attacker_wants == "more" else -1.0
    mean, samples = paid.mean(axis=2), resampled(paid, TIMES, contest.seed)
    best, drawn = equilibrium(mean), [equilibrium(sample) for sample in samples]
    there, exploited = exploitability(mean, row, column), [exploitability(sample, row, column) for sample in samples]
    return Solution(
        campaign=contest.scenario.calendar.name,
        what=contest.game.what,
        measure=contest.game.measure,
        unit=unit_of(contest.measure),
        attacker_wants=contest.game.attacker_wants,
        runs=paid.shape[2],
        seed=contest.seed,
        entries=mean.size,
        error=error,
        value=_estimate(sign * best.value, sign * np.array([found.value for found in drawn])),
        attacker=_mixed(attackers, best.attacker, np.array([found.attacker for found in drawn])),
        defender=_mixed(defenders, best.defender, np.array([found.defender for found in drawn])),
        historical=(attackers[row].name, defenders[column].name),
        historical_value=_estimate(sign * mean[row, column], sign * samples[:, row, column]),
        exploitability_attacker=_estimate(there.attacker, np.array([found.attacker for found in exploited])),
        exploitability_defender=_estimate(there.defender, np.array([found.defender for found in exploited])),
        deception=_deception(contest, [strategy.name for strategy in defenders], mean, samples, row, column),
        payoff=tuple(tuple(float(sign * entry) for entry in line) for line in mean),
    )


def _deception(
    contest: Contest, defenders: list[str], mean: np.ndarray, samples: np.ndarray, row: int, column: int
) -> dict[str, Estimate]:
    """What the attacker gained by the defender's not knowing, with the attacker's plan as it was.

    `historical_rule`: against the defender's plan of one who believes the truth, as the game's `knowing` says he would
    then have chosen. `best_reply`: against the reply that costs the attacker most (the robust figure).
    """
    there, drawn = mean[row, column], samples[:, row, column]
    found = {"best_reply": _estimate(there - mean[row].min(), drawn - samples[:, row].min(axis=1))}
    if contest.knowing in defenders:
        k = defenders.index(contest.knowing)
        found["historical_rule"] = _estimate(there - mean[row, k], drawn - samples[:, row, k])
    return found


def _mixed(side: Sequence[Strategy], mixture: np.ndarray, drawn: np.ndarray) -> tuple[Played, ...]:
    low, high = np.quantile(drawn, (0.025, 0.975), axis=0)
    used = (drawn > 0).mean(axis=0)
    return tuple(
        Played(strategy.name, float(mixture[k]), float(low[k]), float(high[k]), float(used[k]))
        for k, strategy in enumerate(side)
    )


def _estimate(value: float, drawn: np.ndarray) -> Estimate:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Estimate(float(value), float(low), float(high))
