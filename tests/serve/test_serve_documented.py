"""Routes and fields of the server stand in its documents."""

import re
from pathlib import Path

from starlette.routing import Route
from waiting import ask, wait_for

from khingan.serve.question import Question

DOCS = Path(__file__).parents[2] / "docs"


def test_every_route_has_its_entry(client):
    text = (DOCS / "serve.md").read_text(encoding="utf-8")
    shown = {(path, method) for path, methods in re.findall(r"^\| `(/\S+)` \| ([A-Z, ]+) \|", text, re.MULTILINE)
             for method in methods.split(", ")}  # fmt: skip
    routes = [route for route in client.app.routes if isinstance(route, Route)]
    there = {
        (route.path.replace("{name}", "NAME").replace("{id}", "ID"), method)
        for route in routes
        for method in route.methods - {"HEAD"}
        if "/api/" in route.path or "/studies/" in route.path
    }
    assert shown == there


def test_fields_of_questions_and_cards_are_described(client, player):
    player.go.set()
    card = wait_for(client, ask(client), "done")
    part = (DOCS / "json.md").read_text(encoding="utf-8").split("## `khingan serve`")[1].split("\n## ")[0]
    described = {
        name for cell in re.findall(r"^\| (`.+?) \|", part, re.MULTILINE) for name in re.findall(r"`(\w+)`", cell)
    }
    assert described == {*Question.model_fields, *card}
