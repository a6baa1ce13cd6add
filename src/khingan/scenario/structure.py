"""The YAML files of a campaign: calendar, plans and surrender as records."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from khingan.errors import Problem
from khingan.evidence.record import Record, Row, fault
from khingan.evidence.yaml_tree import YamlPath, YamlTree, read_yaml
from khingan.scenario.folder import CALENDAR
from khingan.scenario.schema import Calendar, Plan, Surrender, ZoneBox

PLANS, SURRENDER = "plans.yaml", "surrender.yaml"
M = TypeVar("M", bound=Record)


def read_calendar(folder: Path, problems: list[Problem]) -> tuple[Calendar | None, YamlTree | None]:
    """campaign.yaml."""
    tree = read_yaml(folder, CALENDAR, problems)
    return (_record(tree, (), Calendar, tree.content, problems) if tree else None), tree


def read_plans(folder: Path, problems: list[Problem]) -> tuple[tuple[Plan, ...], YamlTree | None]:
    """plans.yaml: the sound plans; a note may be left out."""
    tree = read_yaml(folder, PLANS, problems)
    if tree is None:
        return (), None
    plans = []
    for key, entry in tree.content.items():
        if not isinstance(entry, dict):
            problems.append(tree.problem((key,), f"plan '{key}' is no mapping", "give it army, echelon, starts, legs"))
            continue
        values = {"note": "", **entry, "key": key, **_position(tree, (key,))}
        plans.append(_record(tree, (key,), Plan, values, problems))
    return tuple(plan for plan in plans if plan), tree


def read_surrender(folder: Path, problems: list[Problem]) -> tuple[Surrender | None, YamlTree | None]:
    """surrender.yaml; a campaign without the file has no surrender."""
    if not (folder / SURRENDER).exists():
        return Surrender(), None
    tree = read_yaml(folder, SURRENDER, problems)
    if tree is None:
        return None, None
    content = dict(tree.content)
    for part in ("headquarters", "zone"):
        entries = content.get(part)
        if isinstance(entries, list):
            content[part] = [
                {**entry, **_position(tree, (part, number))} if isinstance(entry, dict) else entry
                for number, entry in enumerate(entries)
            ]
    return _record(tree, (), Surrender, content, problems), tree


def surrender_path(surrender: Surrender, row: Row) -> YamlPath:
    """Where a headquarters or a part of the zone stands in surrender.yaml."""
    part = "zone" if isinstance(row, ZoneBox) else "headquarters"
    entries: tuple[Row, ...] = getattr(surrender, part)
    return (part, next(number for number, entry in enumerate(entries) if entry is row))


def _position(tree: YamlTree, path: YamlPath) -> dict[str, Any]:
    return {"file": tree.file, "line": tree.position(path)[0]}


def _record(
    tree: YamlTree, path: YamlPath, model: type[M], values: dict[str, Any], problems: list[Problem]
) -> M | None:
    try:
        return model(**values)
    except ValidationError as error:
        fields = set(_field_names(model)) - {"file", "line"}
        for detail in error.errors(include_url=False):
            problems.append(tree.problem((*path, *detail["loc"]), *fault(detail, fields)))
        return None


def _field_names(model: type[BaseModel]) -> Iterator[str]:
    """The names of a record's fields and of the records inside it."""
    for name, field in model.model_fields.items():
        yield name
        for inner in get_args(field.annotation) or (field.annotation,):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _field_names(inner)
