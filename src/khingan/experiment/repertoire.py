"""Read what may be changed and measured: the package's switches, the campaign's changes.yaml, and a user's own file."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.grade import PARAMETERS
from khingan.evidence.parameters import SOURCES, read_parameters
from khingan.evidence.record import Record, fault
from khingan.evidence.source import read_sources
from khingan.evidence.yaml_tree import YamlTree, read_yaml
from khingan.experiment.change import Change, Factor, Measure, Repertoire
from khingan.experiment.political import political_changes
from khingan.history.targets import has_history, read_history
from khingan.scenario.politics import read_politics
from khingan.scenario.schema import Scenario

FILE, SWITCHES = "changes.yaml", "switches.yaml"
SECTIONS: dict[str, type[Record]] = {"changes": Change, "measures": Measure, "factors": Factor}
R = TypeVar("R", bound=Record)


def read_repertoire(scenario: Scenario, own: str | Path = "") -> Repertoire:
    """Every change, measure and factor for a campaign; all faults of all files are reported at once."""
    problems: list[Problem] = []
    found: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    found["measures"] |= {measure.name: measure for measure in standard_measures(scenario)}
    switches = read_switches()
    found["changes"] |= switches | political_changes(scenario)
    for folder, file in _files(scenario, str(own)):
        read_file(folder, file, found, problems)
    problems += _doubts(found, scenario, {*read_parameters()})
    if problems:
        raise CampaignError(scenario.calendar.name, problems)
    return Repertoire(**found, switches=tuple(switches), file=str(Path(own).absolute()) if own else "")


@cache
def read_switches() -> dict[str, Change]:
    """The package's own changes: each takes one mechanism away by pinning its parameters, on every campaign."""
    problems: list[Problem] = []
    found: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    read_file(Path(__file__).parent, SWITCHES, found, problems)
    for change in found["changes"].values():
        if change.edit or change.remove or change.add or change.h_hour:
            what = f"switch '{change.name}' changes a scenario"
            problems.append(Problem(change.file, change.line, 0, what, "pin or scale parameters only"))
    if problems:
        raise CampaignError(SWITCHES, problems)
    return found["changes"]


def standard_measures(scenario: Scenario) -> list[Measure]:
    """What can be asked of every campaign: ground, losses of both sides, prisoners, tanks, hours without fuel."""
    control = scenario.calendar.control_side
    other = scenario.calendar.sides[control].adversary
    place: dict[str, Any] = {"file": "standard", "line": 0}
    end = float(max(1, min((scenario.calendar.counted_to - scenario.calendar.h_hour).days + 1, scenario.calendar.days)))
    rows: list[dict[str, Any]] = [
        {"name": "territory-at-end", "what": "share of the adversary's land ever held by the horizon",
         "kind": "territory"},
        {"name": f"irrecoverable-{control.lower()}", "what": "killed and missing of the attacker by the official end",
         "kind": "killed", "side": control, "day": end},
        {"name": f"irrecoverable-{other.lower()}", "what": "killed and missing of the defender by the official end",
         "kind": "killed", "side": other, "day": end},
        {"name": f"prisoners-{other.lower()}", "what": "men of the defender taken prisoner by the official end",
         "kind": "captured", "side": other, "day": end},
        {"name": f"tanks-lost-{control.lower()}", "what": "tanks the attacker lost or that broke down by the end",
         "kind": "tanks_lost", "side": control, "day": end},
        {"name": f"fuel-halt-hours-{control.lower()}",
         "what": "hours in which the attacker's armies stood without fuel, added over armies",
         "kind": "halted_hours", "side": control},
    ]  # fmt: skip
    if read_politics(scenario) is not None:
        what = "days from history's H-hour to the broadcast of the surrender, as far as a year behind the horizon"
        rows.append({"name": "surrender-day", "what": what, "kind": "surrender"})
    return [Measure(**row, **place) for row in rows] + dated_measures(scenario)


def dated_measures(scenario: Scenario) -> list[Measure]:
    """Mean day of the dated events of each phase of the campaign's history, where it has one."""
    if not has_history(scenario):
        return []
    phases: dict[str, list[str]] = {}
    for target in read_history(scenario).targets:
        phases.setdefault(target.phase, []).append(target.target)
    return [
        Measure(
            name="mean-day-" + phase.replace(" ", "-"),
            file="standard",
            line=0,
            what=f"mean day of the {len(targets)} dated events of the phase '{phase}'",
            kind="dates",
            targets=tuple(targets),
        )
        for phase, targets in phases.items()
    ]


def _files(scenario: Scenario, own: str) -> Iterable[tuple[Path, str]]:
    if (Path(scenario.folder) / FILE).is_file():
        yield Path(scenario.folder), FILE
    if own:
        if not Path(own).is_file():
            raise KhinganError(own, "no such file of changes", "name a YAML file with --changes")
        yield Path(own).parent, Path(own).name


def read_file(folder: Path, file: str, found: dict[str, dict[str, Any]], problems: list[Problem]) -> None:
    """Add the entries of one file; a name that already stands somewhere is refused."""
    tree = read_yaml(folder, file, problems)
    if tree is None:
        return
    for section in tree.content:
        if section not in SECTIONS:
            problems.append(tree.problem((section,), f"unknown section '{section}'", suggestion(section, SECTIONS)))
            continue
        entries = tree.content[section] or {}
        if not isinstance(entries, dict):
            problems.append(tree.problem((section,), f"'{section}' is no mapping", "write name: and its fields below"))
            continue
        for name, entry in entries.items():
            record = _record(tree, (section, name), SECTIONS[section], entry, problems)
            if name in found[section]:
                before = found[section][name]
                what = f"'{name}' stands also in {before.file}" + f":{before.line}" * bool(before.line)
                problems.append(tree.problem((section, name), what, "give each its own name"))
            elif record is not None:
                found[section][name] = record


def _record(
    tree: YamlTree, path: tuple[str, str], model: type[R], entry: Any, problems: list[Problem]
) -> R | None:  # fmt: skip
    if not isinstance(entry, dict):
        problems.append(tree.problem(path, f"'{path[1]}' is no mapping", "give it " + ", ".join(_fields(model))))
        return None
    try:
        return model(**{**entry, "name": path[1], "file": tree.file, "line": tree.position(path)[0]})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            where = (*path, *(part for part in detail["loc"] if part not in ("float", "Scale")))
            if detail["type"] == "value_error" and not detail["loc"]:
                what, remedy = f"'{path[1]}' {detail['ctx']['error']}", "mend the entry"
            else:
                what, remedy = fault(detail, _fields(model))
            problems.append(tree.problem(where, what, remedy))
        return None


def _fields(model: type[BaseModel]) -> list[str]:
    return [name for name in model.model_fields if name not in ("name", "file", "line")]


def _doubts(found: dict[str, dict[str, Any]], scenario: Scenario, parameters: set[str]) -> Iterable[Problem]:
    """Names inside the entries that do not exist."""
    sources = {*scenario.ledger.sources, *read_sources(PARAMETERS, [], SOURCES)}
    tables = {key for key, parameter in read_parameters().items() if parameter.is_table}
    for change in found["changes"].values():
        if change.source and change.source not in sources:
            what = f"unknown source '{change.source}' of '{change.name}'"
            yield _problem(change, what, suggestion(change.source, sources) + " Or name an author")
        taken = [change.takes.what] if change.takes and change.takes.what != "h_hour" else []
        for key in [*change.parameters, *taken]:
            if key not in parameters or key in tables:
                what = f"'{change.name}' sets '{key}', " + ("a table" if key in tables else "no parameter")
                yield _problem(change, what, suggestion(key, parameters - tables))
    targets = {target.target for target in read_history(scenario).targets} if has_history(scenario) else set()
    places = {name for place in scenario.places for name in (place.name, *place.other_names)}
    armies = {army.army for army in scenario.armies}
    for measure in found["measures"].values():
        for kind, names, known in (
            ("place", measure.places, places), ("army", measure.armies, armies), ("target", measure.targets, targets)
        ):  # fmt: skip
            for name in (name for name in names if name not in known):
                yield _problem(measure, f"unknown {kind} '{name}' of '{measure.name}'", suggestion(name, known))
    for factor in found["factors"].values():
        for name in factor.off:
            if name.partition("=")[0] not in found["changes"]:
                what = f"factor '{factor.name}' rests on an unknown change '{name}'"
                yield _problem(factor, what, suggestion(name, found["changes"]))


def _problem(entry: Change | Measure | Factor, what: str, remedy: str) -> Problem:
    return Problem(entry.file, entry.line, 0, what, remedy)
