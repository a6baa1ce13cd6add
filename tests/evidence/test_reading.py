"""CSV and YAML files: every fault has its line and column."""

from pathlib import Path
from typing import Any

import pytest

from khingan.errors import Problem
from khingan.evidence import yaml_tree
from khingan.evidence.csv_table import read_csv
from khingan.evidence.yaml_tree import read_yaml


def csv_problems(folder: Path, content: bytes) -> list[Problem]:
    (folder / "t.csv").write_bytes(content)
    problems: list[Problem] = []
    read_csv(folder, "t.csv", ("a", "b"), problems)
    return problems


def test_rows_know_their_first_line(tmp_path: Path) -> None:
    # The quoted cell runs over lines 2 and 3, so the second record begins in line 4; the blank line 5 is no record.
    (tmp_path / "t.csv").write_text('a,b\n"x\ny",1\nz,2\n\nw,3\n')
    rows = read_csv(tmp_path, "t.csv", ("a", "b"), []).rows
    assert [(row.line, row.cells["b"]) for row in rows] == [(2, "1"), (4, "2"), (6, "3")]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("b,a\n1,2\n")
    assert read_csv(tmp_path, "t.csv", ("a", "b"), []).rows[0].cells == {"a": "2", "b": "1"}


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"", 0, "empty"),
        (b"a,b\n1,\x002\n", 2, "NUL"),
        (b"a,b\n1,2\n\xff,3\n", 3, "not UTF-8"),
        (b'a,b\n1,"2\n', 2, "malformed CSV"),
        (b'a,b\n1,"2"3\n', 2, "malformed CSV"),
        (b"a,b\n1,2,3\n", 2, "3 cells"),
        (b"a,bb\n1,2\n", 1, "unknown column 'bb'"),
        (b"a\n1\n", 1, "column 'b' is missing"),
        (b"a,b,a\n1,2,3\n", 1, "occurs twice"),
    ],
)
def test_malformed_csv_is_named_by_line(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    problems = csv_problems(tmp_path, content)
    assert (problems[0].line, words in problems[0].what) == (line, True), problems


def test_a_mistaken_column_is_offered_the_right_name(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("mne\n1\n")
    problems: list[Problem] = []
    read_csv(tmp_path, "t.csv", ("men",), problems)
    assert problems[0] == Problem("t.csv", 1, 1, "unknown column 'mne'", "did you mean men?")


def test_yaml_positions_point_at_keys_and_items(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("# why\nplan:\n  legs: [Post, Bridge]\n")
    tree = read_yaml(tmp_path, "t.yaml", [])
    assert tree
    assert tree.position(("plan", "legs", 1)) == (3, 16)  # "  legs: [Post, " is 15 characters
    assert tree.position(("plan", "echelon")) == (2, 1)  # absent: its parent


def test_yaml_times_stay_text_and_numbers_become_numbers(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("t: 1945-08-09T00:00\nn: 6\nx: 0.5\nnone:\nyes: true\n")
    tree = read_yaml(tmp_path, "t.yaml", [])
    assert tree
    assert tree.content == {"t": "1945-08-09T00:00", "n": 6, "x": 0.5, "none": None, "yes": True}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: [1, 2\nb: 3\n", 2, "malformed"),
        ("a: 1\na: 2\n", 2, "occurs twice"),
        ("a: &x [*x]\n", 1, "alias"),
        ("a: !!python/object:os.system x\n", 1, "tag"),
        ("- 1\n", 1, "no mapping"),
        ("? [1]\n: 2\n", 1, "no word"),
        ("# nothing\n", 0, "comments"),
        ("[" * 600, 0, ""),
    ],
)
def test_malformed_yaml_is_named_by_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "t.yaml").write_text(text)
    problems: list[Problem] = []
    assert read_yaml(tmp_path, "t.yaml", problems) is None
    assert words in problems[0].what
    assert problems[0].line == line or not words


def test_both_readers_of_yaml_agree_on_every_file_of_the_package() -> None:
    def tree(node: Any) -> Any:
        if isinstance(node, tuple | list):
            return [tree(item) for item in node]
        if isinstance(node, str):
            return node
        return node.id, str(node.tag), node.start_mark.line, node.start_mark.column, tree(node.value)

    for file in Path(yaml_tree.__file__).parents[1].rglob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        assert tree(yaml_tree._compose(file.name, text, [])) == tree(yaml_tree._compose_slowly(file.name, text, []))
