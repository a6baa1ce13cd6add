"""The page of known answers: every number and every file of the engine once, and no test that does not exist."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/known_answers.md").read_text(encoding="utf-8")
LAWS, TWINS = PAGE.split("## Slow twins")
# The laws that belong to the mechanisms of the campaign.
REQUIRED = [f"T{n}" for n in (*range(1, 26), 32, *range(35, 39), 41)]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def rows(section: str) -> list[list[str]]:
    """Cells of every row of the section's table, without its head."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@cache
def functions_of(file: str) -> set[str]:
    """Names of the test functions of a file."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_required_answer_stands_in_the_table_once():
    numbers = [row[0] for row in rows(LAWS)]
    assert len(numbers) == len(set(numbers))
    assert set(REQUIRED) <= set(numbers)


@pytest.mark.parametrize("row", rows(LAWS), ids=lambda row: row[0])
def test_an_answer_has_its_value_and_its_test_or_a_reason(row):
    number, what, expected, where = row
    assert what
    assert expected
    assert NAMED.search(where) or re.match(r"none( here)?: .{5,}", where), number


def test_every_file_of_the_engine_has_its_row():
    files = {path.stem for path in (ROOT / "src/khingan/engine").glob("*.py")} - {"__init__"}
    assert sorted(row[0] for row in rows(TWINS)) == sorted(files)


@pytest.mark.parametrize("row", rows(TWINS), ids=lambda row: row[0])
def test_a_file_of_the_engine_has_a_twin_or_a_reason(row):
    _, twin, where = row
    assert twin.startswith("none: ") or NAMED.search(where)


def test_every_test_that_is_named_exists():
    named = NAMED.findall(PAGE)
    assert len(named) == PAGE.count("::")
    assert [f"{file}::{name}" for file, name in named if name not in functions_of(file)] == []


def test_every_twin_is_used():
    # A function of plain*.py that no test calls compares with nothing.
    folder = ROOT / "tests/engine"
    used = " ".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    for path in folder.glob("plain*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                assert len(re.findall(rf"\b{node.name}\(", used)) > 1, f"{path.name}: {node.name}"
