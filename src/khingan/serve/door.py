"""Open the laboratory: a campaign, a folder of studies, a port of 127.0.0.1."""

import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from khingan.errors import KhinganError
from khingan.experiment.repertoire import read_repertoire
from khingan.scenario.folder import campaign_names
from khingan.scenario.read import load
from khingan.serve.app import Laboratory, make_app
from khingan.serve.process import Process
from khingan.serve.queue import Queue
from khingan.serve.shelf import HIDDEN, Shelf

ADDRESS = "127.0.0.1"
LINGER_S = 2


class Door(uvicorn.Server):
    """Ends the streams as soon as it is asked to stop: they would keep it open."""

    def __init__(self, config: uvicorn.Config, queue: Queue) -> None:
        super().__init__(config)
        self.queue = queue

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.queue.closed.set()
        await super().shutdown(sockets)


def bound(port: int) -> socket.socket:
    """A socket of this machine alone; 0 takes a free port."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((ADDRESS, port))
        made.listen()  # whoever comes before the server is up waits for it
    except OSError as error:
        made.close()
        raise KhinganError(f"--port {port}", f"cannot be opened: {error.strerror}", "choose another, or 0") from error
    return made


def serve(campaign: str, studies: Path, port: int, tell: Callable[[str], None]) -> None:
    """Serve until Ctrl-C. Raises KhinganError where campaign, folder or port are no good."""
    scenario = load(campaign)
    repertoire = read_repertoire(scenario)
    named = campaign if campaign in campaign_names() else str(Path(campaign).absolute())
    shelf, hidden = Shelf(studies), studies.absolute() / HIDDEN
    try:
        (hidden / "what-if").mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KhinganError(
            str(studies), f"cannot be written: {error.strerror}", "name another with --studies"
        ) from error
    opened = bound(port)
    port = opened.getsockname()[1]
    queue = Queue(hidden / "what-if", Process(hidden / "player.log"), named)
    app = make_app(Laboratory(scenario, repertoire, shelf, queue), [f"{ADDRESS}:{port}", f"localhost:{port}"])
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=LINGER_S, server_header=False)
    tell(f"serving {studies} on http://{ADDRESS}:{port}/ | Ctrl-C stops")
    try:
        Door(config, queue).run([opened])
    finally:
        queue.close()
        opened.close()
