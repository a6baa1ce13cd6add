"""A server of the toy campaign, with a player that plays in its own thread or waits to be told."""

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from starlette.testclient import TestClient
from waiting import HOST

from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.read import load
from khingan.serve.app import Laboratory, make_app
from khingan.serve.player import Hear
from khingan.serve.queue import Queue
from khingan.serve.shelf import HIDDEN, Shelf
from toy import SMALL_DIVISION, write_toy_campaign

OWN = {"Origin": f"http://{HOST}", "Content-Type": "application/json"}
ROW = {
    "measure": "irrecoverable-jp", "unit": "men", "what": "", "factual": 1.0, "counterfactual": 2.0, "difference": 1.0,
    "low": 0.5, "high": 1.5, "pairing_gain": 3.0, "runs": 10, "factual_quantiles": [1.0] * 5,
    "counterfactual_quantiles": [2.0] * 5,
}  # fmt: skip


class HeldPlayer:
    """Says ten pairs at once, and the rest when it is let go; ends early when it is halted."""

    def __init__(self) -> None:
        self.go, self.halted, self.crash = Event(), Event(), ""
        self.played: list[str] = []

    def ready(self, campaign: str, hear: Hear) -> None:
        pass

    def play(self, folder: Path, hear: Hear) -> None:
        self.played.append(folder.name)
        self.halted.clear()
        hear({"phase": "playing"})
        hear({"done": 10, "effects": [ROW]})
        if self.crash:
            raise RuntimeError(self.crash)
        while not self.go.wait(0.01):
            if self.halted.is_set():
                return
        hear({"done": 20, "effects": [ROW | {"runs": 20}]})

    def halt(self) -> None:
        self.halted.set()

    def close(self) -> None:
        self.halted.set()


@pytest.fixture(scope="session")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The toy campaign's folder."""
    folder = write_toy_campaign(tmp_path_factory.mktemp("served") / "campaign")
    (folder / "changes.yaml").write_text(SMALL_DIVISION, encoding="utf-8")
    return folder


@pytest.fixture
def studies(tmp_path: Path) -> Path:
    """An empty folder of studies."""
    folder = tmp_path / "studies"
    folder.mkdir()
    return folder


@pytest.fixture
def player() -> HeldPlayer:
    """What stands in for the engine."""
    return HeldPlayer()


@pytest.fixture
def start(campaign: Path, studies: Path, player: HeldPlayer) -> Iterator[Callable[..., TestClient]]:
    """Starts a server, as often as a test restarts it."""
    queues: list[Queue] = []

    def begin(plays: Any = player) -> TestClient:
        scenario = load(str(campaign))
        queues.append(Queue(studies / HIDDEN / "what-if", plays, str(campaign)))
        laboratory = Laboratory(scenario, read_repertoire(scenario), Shelf(studies), queues[-1])
        client = TestClient(make_app(laboratory, [HOST]), base_url=f"http://{HOST}", headers=OWN)
        client.queue = queues[-1]  # type: ignore[attr-defined]
        return client

    yield begin
    for queue in queues:
        queue.close()


@pytest.fixture
def client(start: Callable[..., TestClient]) -> TestClient:
    """A server with nothing in it."""
    return start()
