"""YAML files whose every key knows its line and column.

The nodes are read without constructing anything: times stay text, tags and aliases are refused. libyaml reads them, by
the rules of YAML 1.2, where it is at hand; what it refuses is read again in Python, which is slow and says why.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.resolver import implicit_resolvers

from khingan.errors import Problem
from khingan.evidence.text_file import read_text

YamlPath = tuple[str | int, ...]
Node = Any  # of either reader
DEEPEST = 12
TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class YamlTree:
    """The content as dicts, lists and scalars, with the position of each path in it."""

    file: str
    content: Any
    positions: dict[YamlPath, tuple[int, int]] = field(repr=False)

    def position(self, path: YamlPath) -> tuple[int, int]:
        """Line and column of a key or item; of the nearest parent where it is absent."""
        while path not in self.positions:
            path = path[:-1]
        return self.positions[path]

    def problem(self, path: YamlPath, what: str, remedy: str) -> Problem:
        """A problem at a path of the tree."""
        return Problem(self.file, *self.position(path), what, remedy)


def read_yaml(folder: Path, file: str, problems: list[Problem]) -> YamlTree | None:
    """The file's mapping; None, and problems noted, where it is no clean YAML mapping."""
    text = read_text(folder, file, problems)
    if text is None:
        return None
    faults = len(problems)
    node = _compose(file, text, problems)
    if node is None:
        return None
    reader = _NodeReader(file, problems)
    content = reader.value(node, ())
    if len(problems) > faults:
        return None
    if not isinstance(content, dict):
        problems.append(Problem(file, 1, 1, "the file is no mapping", "write it as `key: value` lines"))
        return None
    return YamlTree(file, content, reader.positions)


def _quick_reader() -> Any:
    """libyaml's reader with the plain words of YAML 1.2 (no `yes`, no `12:30`); None where PyYAML came without it."""
    parent: Any = getattr(yaml, "CSafeLoader", None)
    if parent is None:
        return None
    reader: Any = type("Reader", (parent,), {"yaml_implicit_resolvers": {}})
    for versions, tag, pattern, first in implicit_resolvers:
        if (1, 2) in versions:
            reader.add_implicit_resolver(tag, pattern, first)
    return reader


_READER = _quick_reader()


def _compose(file: str, text: str, problems: list[Problem]) -> Node | None:
    """The root node; None, and problems noted, where there is none."""
    try:
        if _READER is not None and (node := yaml.compose(text, _READER)) is not None:
            return node
    except (yaml.YAMLError, ValueError, RecursionError):
        pass  # told below
    return _compose_slowly(file, text, problems)


def _compose_slowly(file: str, text: str, problems: list[Problem]) -> Node | None:
    remedy = "mend the YAML: check indentation, quotes and brackets"
    try:
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        problems.append(Problem(file, line, column, f"malformed YAML: {error.problem or error.context}", remedy))
        return None
    except (YAMLError, ValueError) as error:
        problems.append(Problem(file, 0, 0, f"malformed YAML: {str(error).splitlines()[0]}", remedy))
        return None
    except RecursionError:
        problems.append(Problem(file, 0, 0, "brackets nest too deeply", remedy))
        return None
    if node is None:
        problems.append(Problem(file, 0, 0, "the file holds only comments", "fill it"))
    return node


class _NodeReader:
    """Turns YAML nodes into values and notes where each stood."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file, self.problems = file, problems
        self.positions: dict[YamlPath, tuple[int, int]] = {(): (1, 1)}
        self.seen: set[int] = set()

    def value(self, node: Node, path: YamlPath) -> Any:
        if id(node) in self.seen:
            return self.refuse(node, "an alias", "write the value out")
        if len(path) > DEEPEST:
            return self.refuse(node, "nesting too deep", "write it flatter")
        self.seen.add(id(node))
        if node.id == "mapping":
            return self.mapping(node, path)
        if node.id == "sequence":
            return [self.item(item, (*path, number)) for number, item in enumerate(node.value)]
        return self.scalar(node, node.value)

    def mapping(self, node: Node, path: YamlPath) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self.refuse(key_node, "a key that is no word", "write a plain word")
                continue
            key = key_node.value
            if key in values:
                self.refuse(key_node, f"key '{key[:40]}' occurs twice", "keep one")
            self.positions[(*path, key)] = self.mark(key_node)
            values[key] = self.value(value_node, (*path, key))
        return values

    def item(self, node: Node, path: YamlPath) -> Any:
        self.positions[path] = self.mark(node)
        return self.value(node, path)

    def scalar(self, node: Node, text: str) -> Any:
        """Numbers, truth values and nothing become what they are; every other scalar stays text."""
        kind = str(node.tag).removeprefix(TAG)
        if kind == "null":
            return None
        if kind == "bool":
            return text.lower() == "true"
        if kind in ("int", "float"):
            return _number(text)
        if kind not in ("str", "timestamp"):
            return self.refuse(node, f"tag or value '{str(node.tag)[:40]}'", "write plain text or quote it")
        return text

    def refuse(self, node: Node, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, *self.mark(node), f"{what} is not read here", remedy))

    def mark(self, node: Node) -> tuple[int, int]:
        return node.start_mark.line + 1, node.start_mark.column + 1


def _number(text: str) -> int | float | str:
    """The number; the text where Python does not read it, for the record to refuse."""
    for reading in (int, float):
        try:
            return reading(text)
        except ValueError:
            continue
    return text
