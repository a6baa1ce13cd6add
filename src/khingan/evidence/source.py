"""Sources: what a claim or parameter was taken from, and how far it was truly seen."""

from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from khingan.errors import Problem
from khingan.evidence.record import Record, fault
from khingan.evidence.yaml_tree import read_yaml

Basis = Literal["consulted", "recalled", "estimated", "derived"]
BASES = ("consulted", "recalled", "estimated", "derived")


class Source(Record):
    """A book, page, dataset or judgement; `basis` says whether it was open on the table or remembered."""

    key: str
    citation: str
    kind: str
    basis: Basis
    trust: str


class Sources(dict[str, Source]):
    """Sources by key; `names` also holds faulty entries, `whole` is False where the file was unreadable."""

    names: frozenset[str] = frozenset()
    whole: bool = False


def read_sources(folder: Path, problems: list[Problem], file: str = "sources.yaml") -> Sources:
    """All sources of a folder."""
    sources = Sources()
    tree = read_yaml(folder, file, problems)
    if tree is None:
        return sources
    sources.names, sources.whole = frozenset(tree.content), True
    fields = [name for name in Source.model_fields if name != "key"]
    for key, entry in tree.content.items():
        if not isinstance(entry, dict):
            problems.append(tree.problem((key,), f"source '{key}' is no mapping", "give it " + ", ".join(fields)))
            continue
        try:
            sources[key] = Source(**{**entry, "key": key})
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                problems.append(tree.problem((key, *detail["loc"]), *fault(detail, fields)))
    return sources
