"""A newcomer's mistakes, at every command: one line of where, what and remedy, and never a traceback."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

import toy
from khingan.cli import app
from khingan.scenario.read import load
from khingan.simulation.play import empty_chunk
from khingan.simulation.run import run

OF_A_CAMPAIGN = (
    "changes", "what-if", "attribute --factors a", "ablate", "ask", "calibrate --budget 2", "check", "show", "ledger",
    "chronicle", "run --runs 1", "warm", "politics", "prelude --runs 1", "solve",
)  # fmt: skip
OF_A_STUDY = (
    "compare {}", "when Easton {}", "report {}", "trace {} Easton", "scoreboard {}", "sensitivity {}", "sweep {}",
    "repair {}", "validate engagements {}",
)  # fmt: skip
OF_CHANGES = ("changes toy --changes {}", "what-if toy --runs 2 --changes {}", "attribute toy --factors a --changes {}",
              "run toy --change x --changes {}", "solve toy --game {}", "sweep {}")  # fmt: skip
NOWHERE = ("nowhere", "far-east", "binary", "empty", "foreign", "/dev/null", "x" * 300, "a\0b")
FILES = {
    "binary": bytes(range(256)) * 20, "broken": b"a: [1, 2\n b: {", "list": b"- 1\n- 2\n", "number": b"42\n",
    "blank": b"", "twice": b"changes: {}\nchanges: {}\n", "wrong": b"changes: 5\nmeasures: [a]\nnonsense: true\n",
}  # fmt: skip
ODD = (
    "run toy --set x", "run toy --set =3", "run toy --set combat.loss_attacker=nan",
    "run toy --set combat.loss_atacker=1",
    "run toy --set combat.loss_attacker=-1", "run toy --set combat.loss_attacker=1e300", "run toy --change nope",
    "run toy --politics nobody", "run toy --from prelude", "run toy --out binary", "run toy --out foreign",
    "run toy --out /proc/nowhere", "run toy --out /dev/null", "ledger toy --claim C99", "ledger toy --cell x",
    "ledger toy --cell order_of_battle.csv:9999:men", "ledger toy --cell order_of_battle.csv:2:nothing",
    "what-if toy --measure x --runs 2", "repair binary --names nobody", "scoreboard --write /proc/nowhere binary",
)  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a toy campaign and things that are no campaign, study or file of changes."""
    toy.write_toy_campaign(tmp_path / "toy")
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "empty").mkdir()
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "letter.txt").write_text("not ours")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_clear(*words: str) -> None:
    """The command ends with a status of its own and a last line of where, what and remedy, or click's own usage."""
    done = CliRunner().invoke(app, words)
    assert isinstance(done.exception, SystemExit), (words, done.exception)
    assert done.exit_code in (1, 2), words
    where, *rest = done.stderr.strip().splitlines()[-1].split(" | ")
    assert done.exit_code == 2 or (where and len(rest) >= 2), (words, done.stderr)


@pytest.mark.parametrize("command", OF_A_CAMPAIGN)
def test_what_is_no_campaign(here: Path, command: str) -> None:
    name, *options = command.split()
    for campaign in ("", *NOWHERE):
        assert_clear(name, campaign, *options)


@pytest.mark.parametrize("command", OF_A_STUDY)
def test_what_is_no_study(here: Path, command: str) -> None:
    for folder in (name for name in NOWHERE if not (command.startswith("repair") and name == "/dev/null")):
        assert_clear(*(word.format(folder) for word in command.split()))


@pytest.mark.parametrize("command", OF_CHANGES)
def test_what_is_no_file_of_changes_game_or_study(here: Path, command: str) -> None:
    for file in (*FILES, "nowhere", "empty"):
        assert_clear(*(word.format(file) for word in command.split()))


@pytest.mark.parametrize("command", ODD)
def test_odd_words(here: Path, command: str) -> None:
    assert_clear(*command.split())


def test_no_command_is_left_out() -> None:
    """`campaigns` takes nothing that could be wrong, and `serve` does not end (tests/serve)."""
    tried = {command.split()[0] for command in (*OF_A_CAMPAIGN, *OF_A_STUDY, *OF_CHANGES, *ODD)}
    assert set(get_command(app).commands) == tried | {"campaigns", "serve"}


def spoilt(**changes: object) -> Callable[[Path], None]:
    def spoil(study: Path) -> None:
        record = json.loads((study / "study.json").read_text())
        (study / "study.json").write_text(json.dumps(record | changes))

    return spoil


def cut_short(variable: str) -> Callable[[Path], None]:
    """Every chunk of a variable ends after five bytes, as on a disk that failed."""

    def cut(study: Path) -> None:
        for chunk in (study / "ensemble.zarr" / variable).glob("c.*"):
            chunk.write_bytes(chunk.read_bytes()[:5])

    return cut


DAMAGE = {
    "no variable": lambda study: shutil.rmtree(study / "ensemble.zarr" / "first_control"),
    "no ensemble": lambda study: shutil.rmtree(study / "ensemble.zarr"),
    "half a header": lambda study: (study / "ensemble.zarr" / "zarr.json").write_bytes(b"\xff\0"),
    "half a variable's header": lambda study: (study / "ensemble.zarr" / "first_control" / "zarr.json").write_bytes(
        b"[1"
    ),
    "half a chunk": cut_short("first_control"),
    "half the list of runs": cut_short("played"),
    "a campaign that has gone": spoilt(folder="/nowhere/at/all", campaign="gone"),
    "a folder that is a number": spoilt(folder=7),
    "runs in words": spoilt(runs="many"),
    "no seed": spoilt(seed=None),
    "settings of nobody": spoilt(settings=[]),
    "no record": lambda study: (study / "study.json").write_bytes(b"\xff\xfe"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_study(here: Path, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a failing disk or an older version left, the commands that read a study say so."""
    monkeypatch.setattr("khingan.simulation.run.play_chunk", lambda world, settings, *runs: empty_chunk(world, runs[2]))
    run(load(here / "toy"), runs=2, out=here / "study", workers=1)
    DAMAGE[damage](here / "study")
    for command in ("when Easton study", "trace study Easton", "compare study", "scoreboard study"):
        assert_clear(*command.split())
