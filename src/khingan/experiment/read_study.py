"""From STUDY.yaml to a study that can be played, or to the list of everything that is wrong with it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.grade import Grade
from khingan.evidence.parameters import Parameter, read_parameters
from khingan.evidence.record import Record, fault
from khingan.evidence.yaml_tree import YamlPath, YamlTree, read_yaml
from khingan.experiment.apply import change_scenario
from khingan.experiment.axis import AS_IT_WAS, Axis
from khingan.experiment.change import Change, Repertoire
from khingan.experiment.repertoire import read_repertoire
from khingan.experiment.study_file import MOST_POINTS, Dates, Design, Listed, Range, StudyFile
from khingan.experiment.sweep_plan import Plan
from khingan.scenario.folder import campaign_names
from khingan.scenario.read import load
from khingan.scenario.schema import Scenario
from khingan.simulation.settings import Settings

OF_A_JUDGEMENT: Grade = "C"


def read_study(path: str | Path) -> Plan:
    """The study of a file, ready to be played; all faults of the file are reported at once."""
    path = Path(path)
    if path.is_dir():
        raise KhinganError(str(path), "a folder, and no description of a study", "name its YAML file")
    problems: list[Problem] = []
    tree = read_yaml(path.parent, path.name, problems)
    if tree is None:
        raise CampaignError(str(path), problems)
    file = _record(tree, problems)
    scenario, repertoire = _campaign(tree, path.parent, problems)
    if scenario is not None and repertoire is not None:
        problems += _unknown_names(tree, repertoire)
    if problems or file is None or scenario is None or repertoire is None:
        raise CampaignError(str(path), problems)
    dated = {change.name: change for change in _dated(tree, file)}
    changes = {name: repertoire.changes[name] for name in _named_changes(file)} | dated
    plan = Plan(
        file=file,
        scenario=scenario,
        settings=Settings(file.others, file.claims, start=file.start),
        axes=tuple(_axes(file, tuple(dated))),
        changes=changes,
        measures=repertoire.measured(file.measures),
    )
    problems += [*_contradictions(tree, plan), *_unplayable(tree, plan)]
    if problems:
        raise CampaignError(str(path), problems)
    return plan


def _record(tree: YamlTree, problems: list[Problem]) -> StudyFile | None:
    try:
        return StudyFile(**tree.content)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.append(_shape_problem(tree, detail))
        return None


def _shape_problem(tree: YamlTree, detail: Any) -> Problem:
    path: YamlPath = tuple(detail["loc"])
    told = str(detail.get("ctx", {}).get("error", ""))
    if " | " in told:
        what, remedy = told.split(" | ", 1)
        return tree.problem(path, f"{'.'.join(map(str, path)) or 'the study'} {what}", remedy)
    if detail["type"] == "string_pattern_mismatch":
        return tree.problem(path, f"name '{detail['input']}' is no folder's name", "use a-z, 0-9 and hyphens")
    if detail["type"] in ("model_type", "dict_type", "tuple_type"):
        kind = "list" if detail["type"] == "tuple_type" else "mapping"
        return tree.problem(path, f"{'.'.join(map(str, path))} is no {kind}", f"write it as a {kind}")
    return tree.problem(path, *fault(detail, _fields_at(path)))


def _fields_at(path: YamlPath) -> Iterable[str]:
    """The fields that may stand beside an unknown one."""
    models: dict[str, type[Record]] = {"design": Design, "parameters": Range, "dates": Dates, "points": Listed}
    return list((models.get(str(path[0]), StudyFile) if len(path) > 1 else StudyFile).model_fields)


def _campaign(
    tree: YamlTree, folder: Path, problems: list[Problem]
) -> tuple[Scenario | None, Repertoire | None]:  # fmt: skip
    """The campaign and its repertoire; a name that leads nowhere is a fault of the study."""
    name, own = tree.content.get("campaign"), tree.content.get("changes_file") or ""
    if not isinstance(name, str) or not isinstance(own, str):
        return None, None
    beside = folder / name
    try:
        scenario = load(beside if name not in campaign_names() and beside.is_dir() else name)
    except CampaignError:
        raise
    except KhinganError as error:
        problems.append(tree.problem(("campaign",), f"'{name}': {error.what}", error.remedy))
        return None, None
    if own and not (folder / own).is_file():
        remedy = "name it from the study file's own folder"
        problems.append(tree.problem(("changes_file",), f"no file '{own}'", remedy))
        return scenario, None
    return scenario, read_repertoire(scenario, folder / own if own else "")


def _unknown_names(tree: YamlTree, repertoire: Repertoire) -> Iterator[Problem]:
    """Parameters, changes and measures that nobody knows, wherever the file names them."""
    scalars = [key for key, parameter in read_parameters().items() if not parameter.is_table]
    known = {"parameter": scalars, "change": [AS_IT_WAS, *repertoire.changes], "measure": [*repertoire.measures]}
    for kind, path, name in _names(tree.content):
        if str(name) not in known[kind]:
            yield tree.problem(path, f"no {kind} '{name}'", suggestion(str(name), known[kind]))


def _names(content: Mapping[str, Any]) -> Iterator[tuple[str, YamlPath, Any]]:
    """Every name in the file with its kind and path, as far as the file has the shape of a study."""
    yield from (("parameter", ("parameters", key), key) for key in _mapping(content.get("parameters")))
    for axis, options in _mapping(content.get("changes")).items():
        yield from (("change", ("changes", axis, k), name) for k, name in enumerate(_sequence(options)))
    yield from (("measure", ("measures", k), name) for k, name in enumerate(_sequence(content.get("measures"))))
    for number, point in enumerate(_sequence(content.get("points"))):
        where = ("points", number)
        entry = _mapping(point)
        yield from (("parameter", (*where, "parameters", key), key) for key in _mapping(entry.get("parameters")))
        yield from (("change", (*where, "changes", k), x) for k, x in enumerate(_sequence(entry.get("changes"))))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _named_changes(file: StudyFile) -> Iterator[str]:
    named = [*file.changes.values(), *(point.changes for point in file.points)]
    yield from dict.fromkeys(name for names in named for name in names if name != AS_IT_WAS)


def _dated(tree: YamlTree, file: StudyFile) -> Iterator[Change]:
    """A change for every date of the attack that the study names."""
    given = file.dates.values if file.dates else tuple(point.date for point in file.points if point.date)
    for date in dict.fromkeys(given):
        yield Change(
            name=date.isoformat(timespec="minutes"),
            file=tree.file,
            line=tree.position(("dates",))[0],
            what=f"The attack begins on {date:%d %B %Y, %H:%M}.",
            author=file.name,
            grade=OF_A_JUDGEMENT,
            h_hour=date,
            moves=file.dates.moves if file.dates else ("orders",),
        )


def _axes(file: StudyFile, dates: tuple[str, ...]) -> Iterator[Axis]:
    if file.design.kind == "listed":
        yield from _listed_axes(file, dates)
        return
    known = read_parameters()
    for name, given in file.parameters.items():
        axis = _parameter_axis(name, known[name], given)
        yield axis.stepped(file.design.levels) if file.design.kind == "factorial" else axis
    for name, options in file.changes.items():
        yield Axis(name, "change", options)
    if dates:
        yield Axis("date", "date", dates)


def _parameter_axis(name: str, parameter: Parameter, given: Range) -> Axis:
    if given.values:
        return Axis(name, "parameter", given.values)
    if given.quantiles:
        return Axis(name, "parameter", low=given.quantiles[0], high=given.quantiles[1], prior=parameter.prior)
    assert given.low is not None
    assert given.high is not None
    return Axis(name, "parameter", low=given.low, high=given.high)


def _listed_axes(file: StudyFile, dates: tuple[str, ...]) -> Iterator[Axis]:
    """What the listed points name; each change is there or not, each parameter has the values it is given."""
    for name in dict.fromkeys(key for point in file.points for key in point.parameters):
        given = [point.parameters.get(name, float("nan")) for point in file.points]
        yield Axis(name, "parameter", tuple(given))
    for name in _named_changes(file):
        yield Axis(name, "change", (AS_IT_WAS, name))
    if dates:
        yield Axis("date", "date", (AS_IT_WAS, *dates))


def _contradictions(tree: YamlTree, plan: Plan) -> Iterator[Problem]:
    """Two changes that meet in some point and cannot both be made, and parameters set from two sides."""
    varied = {axis.name for axis in plan.axes if axis.kind == "parameter"}
    for change in plan.changes.values():
        for key in varied & change.parameters.keys():
            yield tree.problem(("changes",), f"'{change.name}' sets '{key}', which is varied too", "leave one out")
    groups = [[name for name in axis.levels if name in plan.changes] for axis in plan.axes if axis.kind != "parameter"]
    pairs = {pair for one, other in combinations(groups, 2) for pair in ((a, b) for a in one for b in other)}
    for pair in sorted({(name, name) for group in groups for name in group} | pairs):
        try:
            change_scenario(plan.scenario, plan.settings, [plan.changes[name] for name in dict.fromkeys(pair)])
        except KhinganError as error:
            what = error.problems[0].what if isinstance(error, CampaignError) else error.what
            yield tree.problem(("changes",), f"{' with '.join(dict.fromkeys(pair))}: {what}", error.remedy)


def _unplayable(tree: YamlTree, plan: Plan) -> Iterator[Problem]:
    """Designs that cannot be laid out."""
    names = [axis.name for axis in plan.axes]
    for name in {name for name in names if names.count(name) > 1}:
        yield tree.problem(("changes", name), f"'{name}' names two things that are varied", "give each its own name")
    for axis in plan.axes:
        where = ("parameters" if axis.is_number else "changes", axis.name)
        if axis.prior is not None and axis.prior.kind == "fixed":
            yield tree.problem(where, f"'{axis.name}' has a fixed prior without quantiles", "give it low and high")
        if not axis.is_number and (not axis.levels or len(set(axis.levels)) < len(axis.levels)):
            yield tree.problem(where, f"'{axis.name}' has no options, or one twice", f"list {AS_IT_WAS} and changes")
    if plan.points > MOST_POINTS:
        what = f"{plan.points:,} points are more than {MOST_POINTS:,}"
        yield tree.problem(("design",), what, "vary less, or use a latin_hypercube")
    if not plan.measures:
        yield tree.problem(("measures",), "nothing is measured", "name a measure")
