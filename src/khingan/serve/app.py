"""The routes of the server; docs/serve.md lists them."""

import csv
import io
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from khingan.errors import KhinganError
from khingan.experiment.repertoire import Repertoire
from khingan.history.surrender import widest_factor
from khingan.report.page import client, has_client
from khingan.scenario.politics import read_politics
from khingan.scenario.schema import Scenario
from khingan.serve.events import cards
from khingan.serve.guard import STUDY_PAGE, Guard, body_of
from khingan.serve.maps import Tally, ground_page
from khingan.serve.player import kept_values
from khingan.serve.question import MOST_FACTORS, MOST_PAIRS, MOST_PLAYED, Again, Question, Rename, looked_up, parsed
from khingan.serve.queue import Queue
from khingan.serve.shelf import Shelf
from khingan.serve.told import RefusedError, told

MOST_STREAMS = 12
STATIC = {"/": "index.html", "/serve.css": "serve.css", "/serve.js": "serve.js", "/chart.js": "chart.js"}
KINDS = {".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript"}


class Laboratory:
    """What the routes share: a campaign, its repertoire, the studies and the queue."""

    def __init__(self, scenario: Scenario, repertoire: Repertoire, shelf: Shelf, queue: Queue) -> None:
        self.scenario, self.repertoire, self.shelf, self.queue = scenario, repertoire, shelf, queue
        self.streams = 0

    async def campaign(self, request: Request) -> Response:
        """What can be changed and measured."""
        calendar, found = self.scenario.calendar, self.repertoire
        changes = [
            {"name": name, "what": change.what, "by": change.source or change.author, "grade": change.grade,
             "switch": name in found.switches}
            for name, change in found.changes.items()
        ]  # fmt: skip
        measures = [{"name": name, "what": measure.what} for name, measure in found.measures.items()]
        factors = [{"name": name, "what": factor.what} for name, factor in found.factors.items()]
        politics = await run_in_threadpool(schools_of, self.scenario)
        return JSONResponse(
            {"name": calendar.name, "title": calendar.title, "h_hour": calendar.h_hour.isoformat(),
             "changes": changes, "factors": factors, "measures": measures, "politics": politics,
             "most_pairs": MOST_PAIRS, "most_factors": MOST_FACTORS, "most_played": MOST_PLAYED,
             "maps": bool(maps_script())}
        )  # fmt: skip

    async def studies(self, request: Request) -> Response:
        """Every study of the folder."""
        return JSONResponse(await run_in_threadpool(self.shelf.studies))

    async def study_page(self, request: Request) -> Response:
        """A study's page, shut off from the server."""
        headers = {"Content-Security-Policy": STUDY_PAGE}
        return FileResponse(self.shelf.page(request.path_params["name"]), media_type=KINDS[".html"], headers=headers)

    async def study_data(self, request: Request) -> Response:
        """A study's record and ensemble as a zip."""
        name = request.path_params["name"]
        self.shelf.find(name)
        handle, path = tempfile.mkstemp(suffix=".zip")
        os.close(handle)
        try:
            await run_in_threadpool(self.shelf.packed, name, Path(path))
        except OSError:
            os.unlink(path)
            raise
        gone = BackgroundTask(os.unlink, path)
        return FileResponse(path, media_type="application/zip", filename=f"{name}.zip", background=gone)

    async def study_name(self, request: Request) -> Response:
        """Another name for a study."""
        wanted = parsed(Rename, await body_of(request))
        await run_in_threadpool(self.shelf.rename, request.path_params["name"], wanted.name)
        return JSONResponse({"name": wanted.name})

    async def study_delete(self, request: Request) -> Response:
        """Delete a study."""
        await run_in_threadpool(self.shelf.delete, request.path_params["name"])
        return JSONResponse({})

    async def questions(self, request: Request) -> Response:
        """Every what-if question asked here, oldest first."""
        return JSONResponse([card for _, card in sorted(self.queue.since(0), key=lambda entry: entry[1]["id"])])

    async def ask(self, request: Request) -> Response:
        """Put a what-if question into the queue."""
        question = parsed(Question, await body_of(request))
        job = await run_in_threadpool(self.queue.add, question, self.sentences)
        return JSONResponse(self.card(job.id), 202)

    def sentences(self, question: Question, folder: Path) -> list[str]:
        """What the changes or factors of a question say; raises what is wrong with it."""
        asked = looked_up(question, self.scenario, folder, self.repertoire)
        return [entry.what for entry in (asked.why.factors if asked.why else asked.changes)]

    def card(self, name: str) -> dict[str, Any]:
        """A job as the page shows it."""
        return self.queue.job(name).card(self.queue.folder / name)

    async def question(self, request: Request) -> Response:
        """One question and its answer so far."""
        return JSONResponse(self.card(request.path_params["id"]))

    async def cancel(self, request: Request) -> Response:
        """Stop a question."""
        return await self.done(request, self.queue.cancel)

    async def again(self, request: Request) -> Response:
        """Go on with a question that ended."""
        wanted = parsed(Again, await body_of(request))
        return await self.done(request, partial(self.queue.again, pairs=wanted.pairs), 202)

    async def name(self, request: Request) -> Response:
        """Give a question a title."""
        wanted = parsed(Rename, await body_of(request))
        return await self.done(request, partial(self.queue.rename, title=wanted.name))

    async def delete(self, request: Request) -> Response:
        """Forget a question."""
        await run_in_threadpool(self.queue.delete, request.path_params["id"])
        return JSONResponse({})

    async def done(self, request: Request, act: Callable[[str], Any], status: int = 200) -> Response:
        """Do something with a job, and show its card."""
        name = request.path_params["id"]
        await run_in_threadpool(act, name)
        return JSONResponse(self.card(name), status)

    async def ground(self, request: Request) -> Response:
        """What the maps of every answer are drawn on."""
        return JSONResponse(await run_in_threadpool(ground_page, self.scenario))

    async def maps(self, request: Request) -> Response:
        """In how many runs of both arms each cell was first held on each day."""
        job = self.queue.job(request.path_params["id"])
        tally = await run_in_threadpool(Tally.kept, self.queue.folder / job.id)
        if tally is None:
            raise RefusedError(404, f"what-if {job.id}", "has no maps", "they come with the first figures of a what-if")
        return JSONResponse(await run_in_threadpool(tally.page))

    async def data(self, request: Request) -> Response:
        """A question's values, one line a run, arm and measure."""
        job = self.queue.job(request.path_params["id"])
        measures = list(dict.fromkeys(row["measure"] for row in (*job.effects, *job.shares)))
        text = await run_in_threadpool(table, self.queue.folder / job.id, measures, job.question.factors)
        headers = {"Content-Disposition": f'attachment; filename="what-if-{job.id}.csv"'}
        return Response(text, media_type="text/csv", headers=headers)

    async def events(self, request: Request) -> Response:
        """Progress of all questions, until nothing waits or plays."""
        if self.streams >= MOST_STREAMS:
            raise RefusedError(503, "the server", f"{MOST_STREAMS} pages watch already", "close one")
        stream = self.watched(request.headers.get("last-event-id", ""))
        return StreamingResponse(stream, media_type="text/event-stream")

    async def watched(self, last_event: str) -> AsyncIterator[str]:
        """A stream that is counted while it lasts."""
        self.streams += 1
        try:
            async for event in cards(self.queue, last_event):
                yield event
        finally:
            self.streams -= 1

    def routes(self) -> list[Route]:
        """Every route; a name holds no slash, so none leads out of the folder."""
        read, write = ["GET"], ["POST"]
        study, asked = "/api/studies/{name}", "/api/what-if/{id}"
        return [
            *(Route(path, partial(static, file), methods=read) for path, file in STATIC.items()),
            Route("/type.css", type_faces, methods=read),
            Route("/maps.js", maps_module, methods=read),
            Route("/api/ground", self.ground, methods=read),
            Route("/api/campaign", self.campaign, methods=read),
            Route("/api/studies", self.studies, methods=read),
            Route("/studies/{name}", self.study_page, methods=read),
            Route(study + "/data", self.study_data, methods=read),
            Route(study + "/name", self.study_name, methods=write),
            Route(study, self.study_delete, methods=["DELETE"]),
            Route("/api/what-if", self.questions, methods=read),
            Route("/api/what-if", self.ask, methods=write),
            Route("/api/events", self.events, methods=read),
            Route(asked, self.question, methods=read),
            Route(asked + "/data", self.data, methods=read),
            Route(asked + "/maps", self.maps, methods=read),
            Route(asked + "/cancel", self.cancel, methods=write),
            Route(asked + "/again", self.again, methods=write),
            Route(asked + "/name", self.name, methods=write),
            Route(asked, self.delete, methods=["DELETE"]),
        ]


async def type_faces(request: Request) -> Response:
    """The type of the studies' pages, where their client was built: one look for both."""
    found = re.findall(r"@font-face\{[^}]*\}", client()) if has_client() else []
    return Response("".join(found), media_type=KINDS[".css"])


def maps_script() -> bytes:
    """What draws the maps, made of the same parts as the studies' pages; empty where their client was not built."""
    built = files("khingan.report") / "client" / "maps.js"
    return built.read_bytes() if built.is_file() else b""


async def maps_module(request: Request) -> Response:
    """The script that draws the maps."""
    return Response(maps_script(), media_type=KINDS[".js"])


async def static(file: str, request: Request) -> Response:
    """A file of the page itself."""
    content = (files("khingan.serve") / "static" / file).read_bytes()
    return Response(content, media_type=KINDS[Path(file).suffix])


def table(folder: Path, measures: list[str], factors: Sequence[str] = ()) -> str:
    """Values of whole runs as CSV, one column an arm; run k of every arm has the same luck.

    A combination's column names the factors that are as they were, `none` where all are taken away.
    """
    values = kept_values(folder)
    cells = range(2 ** len(factors) if factors else 0)
    present = ["+".join(name for i, name in enumerate(factors) if cell >> i & 1) or "none" for cell in cells]
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(("run", "measure", *(present or ("factual", "counterfactual"))))
    for run in range(values.shape[1]):
        for number, measure in enumerate(measures):
            rows.writerow((run, measure, *(repr(float(value)) for value in values[:, run, number])))
    return text.getvalue()


def schools_of(scenario: Scenario) -> dict[str, Any] | None:
    """The schools of the war's end in their own words, and how far one event tells them apart."""
    politics = read_politics(scenario)
    if politics is None:
        return None
    cited = scenario.ledger.sources
    schools = [
        {"key": school.key, "title": school.title, "holders": school.holders, "thesis": school.thesis,
         "sources": [cited[key].citation for key in school.sources if key in cited]}
        for school in politics.schools
    ]  # fmt: skip
    return {"schools": schools, "widest_factor": widest_factor(scenario)}


async def refused(request: Request, error: Exception) -> Response:
    """An error the user can mend."""
    assert isinstance(error, KhinganError)
    return JSONResponse({"errors": told(error)}, getattr(error, "status", 400))


async def unknown(request: Request, error: Exception) -> Response:
    """No such route, or not in this way."""
    assert isinstance(error, HTTPException)
    fault = {"where": request.url.path[:200], "what": error.detail, "remedy": "open the first page, /"}
    return JSONResponse({"errors": [fault]}, error.status_code)


async def unwritten(request: Request, error: Exception) -> Response:
    """The disk refuses."""
    assert isinstance(error, OSError)
    fault = {"where": str(error.filename or "the disk"), "what": str(error.strerror), "remedy": "free space, repeat"}
    return JSONResponse({"errors": [fault]}, 507)


def make_app(laboratory: Laboratory, hosts: list[str]) -> Starlette:
    """The application; `hosts` are the names, with port, under which it may be asked."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(laboratory.queue.close)

    return Starlette(
        routes=laboratory.routes(),
        middleware=[Middleware(Guard, hosts=hosts)],
        exception_handlers={KhinganError: refused, HTTPException: unknown, OSError: unwritten},
        lifespan=lifespan,
    )
