"""The real player: the figures of the command line, kept and continued; and a process that dies is told of."""

import csv
import io
import json
import shutil
import signal

import numpy as np
import pytest
from typer.testing import CliRunner
from waiting import SMALL, ask, wait_for

from khingan.cli import app
from khingan.experiment.political import politics_settings
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.read import load
from khingan.serve import player as player_module
from khingan.serve.job import Job, keep_own
from khingan.serve.line import Line
from khingan.serve.memory import AHEAD
from khingan.serve.player import VALUES, Player, figures, kept_values
from khingan.serve.process import Process, RunError
from khingan.serve.question import Question


class InThread(Player):
    """The player without a process of its own."""

    def ready(self, campaign, hear):
        pass

    def halt(self):
        pass

    close = halt


@pytest.fixture(scope="module")
def scenario_of_politics():
    """The campaign that has schools."""
    return load("far-east-1945")


def job_folder(campaign, studies, **other):
    """A job on disk, as the queue leaves it for the player."""
    question = Question.model_validate_json(json.dumps(SMALL | other))
    folder = studies / "job"
    if not folder.exists():
        keep_own(folder, question)
    Job.new(str(campaign), question, [], "job").write(folder)
    return folder


def test_the_figures_are_those_of_the_command(start, campaign):
    client = start(InThread())
    name = ask(client, pairs=12)
    (row,) = wait_for(client, name, "done", seconds=300)["effects"]
    words = ("what-if", str(campaign), "--change", "small-division", "--measure", "irrecoverable-jp", "--runs", "12")
    (told,) = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)
    assert {key: row[key] for key in told} == pytest.approx(told)
    assert row["factual_quantiles"] == sorted(row["factual_quantiles"])
    lines = list(csv.DictReader(io.StringIO(client.get(f"/api/what-if/{name}/data").text)))
    assert len(lines) == 12
    assert sum(float(line["factual"]) for line in lines) / 12 == pytest.approx(row["factual"])


def test_shares_are_those_of_the_command_and_add_up(start, campaign, tmp_path):
    """Two factors: shares sum to the difference, as Shapley's do; four columns of values, one a combination."""
    client = start(InThread())
    name = ask(client, changes=[], factors=["small-division", "no-mud"], pairs=12)
    (row,) = wait_for(client, name, "done", seconds=300)["shares"]
    words = ["attribute", str(campaign), "--factors", "small-division,no-mud", "--measure", "irrecoverable-jp"]
    words += ["--runs", "12", "--most-runs", "12", "--out", str(tmp_path / "cells"), "--json"]
    (told,) = json.loads(CliRunner().invoke(app, words).stdout)
    assert {key: row[key] for key in told} == told
    assert sum(share["share"] for share in row["shares"]) == pytest.approx(row["difference"])
    lines = list(csv.DictReader(io.StringIO(client.get(f"/api/what-if/{name}/data").text)))
    assert list(lines[0])[2:] == ["none", "small-division", "no-mud", "small-division+no-mud"]


def test_schools_in_turn_are_told_apart(scenario_of_politics):
    """Twelve runs, four schools: three runs each, and all twelve together behind them."""
    settings = politics_settings(scenario_of_politics, None, ())
    values = np.arange(24.0).reshape(2, 12, 1)
    rows = figures(read_repertoire(scenario_of_politics).measured(["surrender-day"]), values, settings)["effects"]
    assert [row["politics"] for row in rows] == ["bombs", "entry", "both", "exhaustion", "schools"]
    assert [row["runs"] for row in rows] == [3, 3, 3, 3, 12]


def test_a_question_goes_on_where_it_stopped_unless_it_became_another(campaign, studies):
    player, heard = InThread(), []
    player.play(job_folder(campaign, studies, pairs=10), heard.append)
    folder = job_folder(campaign, studies, pairs=12)
    heard.clear()
    player.play(folder, heard.append)
    assert [said["done"] for said in heard if "done" in said] == [10, 12]
    for other, anew in (({}, False), ({"seed": 7}, True)):
        heard.clear()
        player.play(job_folder(campaign, studies, pairs=12, **other), heard.append)
        # How many figures are told on the way hangs on which thread ends first; that runs were played does not.
        assert [said["done"] for said in heard if "done" in said][-1] == 12
        assert any("played" in said for said in heard) == anew
    (folder / VALUES).write_bytes(b"damaged")
    assert kept_values(folder).shape[1] == 0


def test_while_nobody_asks_the_campaign_as_it_was_is_played_ahead(campaign, studies):
    """The question then finds those runs: as many are played of the changed arm alone, and the figures are the same."""
    fresh, ready = InThread(), InThread()
    ready.prepared(str(campaign), lambda said: None)
    for _ in range(2):
        assert ready.ahead()
    (known,) = ready.memory.kept.values()
    played = len(known)
    assert sorted(known) == [*range(played)]
    assert played % (2 * AHEAD) == 0  # every core plays so many at a stretch
    figures_of = []
    for player in (fresh, ready):
        heard = []
        player.play(job_folder(campaign, studies, pairs=played), heard.append)
        figures_of.append([said for said in heard if "done" in said][-1])
        (studies / "job" / VALUES).unlink()
    assert figures_of[0] == figures_of[1]
    assert known in ready.memory.kept.values()


def test_what_was_played_ahead_is_kept_for_the_next_server(campaign, tmp_path, monkeypatch):
    """Four runs are all that is played ahead; the next player has nothing left to play, of another campaign all."""
    campaign = shutil.copytree(campaign, tmp_path / "campaign")
    monkeypatch.setattr(player_module, "USUAL", player_module.USUAL.model_copy(update={"pairs": 4}))
    first, second, third = (InThread(kept=tmp_path / "kept.npz") for _ in range(3))
    for player, plays in ((first, True), (second, False)):
        player.prepared(str(campaign), lambda said: None)
        assert player.ahead() == plays
    (known,) = second.memory.kept.values()
    assert known.keys() == {0, 1, 2, 3}
    calendar = campaign / "campaign.yaml"
    calendar.write_text(calendar.read_text(encoding="utf-8").replace("A border toy", "Another toy"), encoding="utf-8")
    third.prepared(str(campaign), lambda said: None)
    assert third.ahead()


def test_a_halt_ends_what_was_wanted_before_it_and_no_other():
    """After each line of a server: a halt sets the stop, and whatever is wanted next takes it back."""
    player, seen = InThread(), []

    def source():
        for line in ("play one", "halt", "play two"):
            yield line + "\n"
            seen.append(player.stop.is_set())

    line = Line((), player)
    assert line.next() is None  # closed at once
    line.listen(source())
    assert seen == [False, True, False]
    assert [line.next() for _ in range(3)] == ["play one", "play two", None]


def test_a_question_that_is_stopped_keeps_what_was_played(campaign, studies):
    """Told to stop at its first figures, it ends with whole batches on disk and in memory, far from a thousand."""
    player = InThread()
    folder = job_folder(campaign, studies, pairs=1000)
    player.play(folder, lambda said: "done" in said and player.stop.set())
    done = kept_values(folder).shape[1]
    assert 10 <= done < 1000
    assert all(len(known) >= done for known in player.memory.kept.values())


def test_a_process_that_dies_is_told_of_and_replaced(tmp_path):
    process = Process(tmp_path / "player.log")
    try:
        child = process.living()
        child.send_signal(signal.SIGKILL)
        child.wait()
        with pytest.raises(RunError, match="ended with signal 9"):
            raise process.died(child)
        assert process.living() is not child
    finally:
        process.close()


def test_a_process_tells_errors_by_where_what_and_remedy(tmp_path):
    process = Process(tmp_path / "player.log")
    try:
        with pytest.raises(RunError, match="no campaign of this name"):
            process.ready("no-such-campaign", lambda said: None)
        with pytest.raises(RunError, match="ended with status 1"):
            process.play(tmp_path / "none", lambda said: None)
    finally:
        process.close()
