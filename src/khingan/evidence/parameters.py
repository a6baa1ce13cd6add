"""The parameters of the mechanisms: value or table, unit, prior, meaning and source; one YAML file per mechanism."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError, model_validator

from khingan.errors import CampaignError, KhinganError, Problem, suggestion
from khingan.evidence.grade import FILE as RANGES
from khingan.evidence.grade import PARAMETERS, Grade
from khingan.evidence.posterior import SAID
from khingan.evidence.prior import ARGUMENTS, Prior
from khingan.evidence.record import Record, fault
from khingan.evidence.source import Sources, read_sources
from khingan.evidence.unit_names import UNITS
from khingan.evidence.yaml_tree import YamlTree, read_yaml

SOURCES = "sources.yaml"


class Parameter(Record):
    """A number with a prior, or a table of numbers (`value` None) with named rows and columns."""

    key: str
    file: str
    line: int
    unit: str
    meaning: str
    source: str
    grade: Grade
    value: float | None = None
    prior: Prior = Prior("fixed", 0.0)
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    note: str = ""

    @property
    def is_table(self) -> bool:
        """Whether the parameter is a table."""
        return bool(self.rows)

    @model_validator(mode="after")
    def number_or_table(self) -> "Parameter":
        if (self.value is None) != self.is_table:
            raise ValueError("needs either a value or rows, columns and values")
        shape = (len(self.rows), *{len(row) for row in self.values})
        if self.is_table and (len(self.values) != len(self.rows) or shape != (len(self.rows), len(self.columns))):
            raise ValueError(f"is no table of {len(self.rows)} rows by {len(self.columns)} columns")
        return self


@cache
def read_parameters(folder: Path = PARAMETERS) -> dict[str, Parameter]:
    """Every parameter by `mechanism.name`; the mechanism is the file's name."""
    problems: list[Problem] = []
    sources = read_sources(folder, problems, SOURCES)
    parameters: dict[str, Parameter] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name in (RANGES, SOURCES, SAID):
            continue
        tree = read_yaml(folder, path.name, problems)
        if tree is None:
            continue
        for name in tree.content:
            parameter = _parameter(tree, name, sources, problems)
            if parameter is not None:
                parameters[parameter.key] = parameter
    if problems:
        raise CampaignError("parameters", problems)
    return parameters


def known_parameter(parameters: dict[str, Parameter], key: str) -> Parameter:
    """The parameter of this key, or the names nearest to a mistaken one."""
    if key not in parameters:
        raise KhinganError("parameters", f"no parameter '{key}'", suggestion(key, parameters))
    return parameters[key]


def _parameter(tree: YamlTree, name: str, sources: Sources, problems: list[Problem]) -> Parameter | None:
    entry = tree.content[name]
    if not isinstance(entry, dict):
        problems.append(tree.problem((name,), f"parameter '{name}' is no mapping", "give it value, unit and meaning"))
        return None
    try:
        prior = _prior(tree, name, entry, problems)
        position = {"key": f"{Path(tree.file).stem}.{name}", "file": tree.file, "line": tree.position((name,))[0]}
        parameter = Parameter(**{**entry, "prior": prior, **position})
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            problems.append(_shape_problem(tree, name, detail))
        return None
    for field, value, known in (("unit", parameter.unit, UNITS), ("source", parameter.source, sources.names)):
        if value not in known and (field == "unit" or sources.whole):
            problems.append(tree.problem((name, field), f"unknown {field} '{value}'", suggestion(value, known)))
    return parameter


def _shape_problem(tree: YamlTree, name: str, detail: Any) -> Problem:
    if not detail["loc"]:
        return tree.problem((name,), f"{name} {detail['ctx']['error']}", "write one or the other in full")
    return tree.problem((name, *detail["loc"]), *fault(detail, Parameter.model_fields))


def _prior(tree: YamlTree, name: str, entry: dict[str, Any], problems: list[Problem]) -> Prior:
    """The prior of an entry, fixed where a table or a fault leaves none."""
    value, given = entry.get("value"), entry.get("prior", {"fixed": {}})
    fixed = Prior("fixed", value if isinstance(value, int | float) else 0.0)
    path = (name, "prior")
    if not isinstance(given, dict) or len(given) != 1:
        problems.append(tree.problem(path, "the prior is no single distribution", _kinds(ARGUMENTS)))
        return fixed
    kind, arguments = next(iter(given.items()))
    arguments = {} if arguments is None else arguments
    if kind not in ARGUMENTS:
        problems.append(tree.problem((*path, kind), f"unknown prior '{kind}'", suggestion(kind, ARGUMENTS)))
        return fixed
    if not isinstance(arguments, dict) or not all(isinstance(item, int | float) for item in arguments.values()):
        problems.append(tree.problem((*path, kind), f"the arguments of {kind} are no numbers", "write name: number"))
        return fixed
    if not isinstance(value, int | float):
        return fixed
    prior = Prior(kind, float(value), tuple((key, float(number)) for key, number in arguments.items()))
    for what in prior.faults():
        problems.append(tree.problem((*path, kind), f"{name}: {what}", "mend the prior or the value"))
    return prior


def _kinds(kinds: Iterable[str]) -> str:
    return "write one of: " + ", ".join(kinds)
