"""What if, asked of the server: checked, queued, watched, cancelled, resumed after a restart."""

import json

import pytest
from waiting import SMALL, ask, told, wait_for, wait_until

from khingan.serve.queue import MOST_WAITING

DATE = """\
changes:
  later:
    what: Three days later.
    author: somebody
    grade: C
    h_hour: 1945-08-12T00:00
"""
WRONG = [
    ({"changes": ["smal-division"]}, "did you mean small-division"),
    ({"changes": ["no-mud", "no-mud"]}, "named twice"),
    ({"measures": ["prisoners"]}, "prisoners-jp"),
    ({"pairs": 1}, "pairs | "),
    ({"pairs": 10_001}, "pairs | "),
    ({"pairs": "20"}, "pairs | "),
    ({"seed": -1}, "seed | "),
    ({"changes": ["x"] * 61}, "changes | "),
    ({"name": "x" * 81}, "name | "),
    ({"campaign": "/etc"}, "campaign | "),
    ({"changes": [], "factors": ["smal-division"]}, "did you mean small-division"),
    ({"factors": ["small-division"]}, "changes or factors"),
    ({"changes": [], "factors": ["no-mud"] * 8}, "factors | "),
    ({"changes": [], "factors": ["no-mud", "no-mud"]}, "named twice"),
    ({"changes": [], "factors": list("abcdefg"), "pairs": 1001}, "more than 128000"),
    ({"politics": "mine"}, "politics | "),
    ({"politics": "schools"}, "no politics.yaml"),
    ({"own": "changes: [", "changes": []}, "own.yaml:"),
    ({"own": DATE.replace("h_hour", "h_our"), "changes": ["later"]}, "own.yaml:6"),
    ({"own": "a: &a [*a]", "changes": []}, "own.yaml:"),
]


def events(client, **headers):
    """The events of a stream that ends: (id, kind, data)."""
    found = []
    for block in client.get("/api/events", headers=headers).text.split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.splitlines())
        if "event" in lines:
            found.append((lines["id"], lines["event"], json.loads(lines["data"])))
    return found


def test_the_page_and_what_may_be_asked(client):
    assert "What if" in client.get("/").text
    for path in ("/serve.js", "/serve.css", "/chart.js"):
        assert client.get(path).status_code == 200
    campaign = client.get("/api/campaign").json()
    assert "small-division" in [change["name"] for change in campaign["changes"] if not change["switch"]]
    assert "irrecoverable-jp" in [measure["name"] for measure in campaign["measures"]]


@pytest.mark.parametrize(("other", "said"), WRONG)
def test_a_mistake_is_told_as_on_the_command_line_and_starts_nothing(client, player, studies, other, said):
    answer = client.post("/api/what-if", json=SMALL | other)
    assert answer.status_code == 400
    assert said in told(answer)
    assert list((studies / ".khingan/what-if").iterdir()) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"pairs": NaN}', b"\xff", b"[" * 5000])
def test_a_body_that_is_no_question_is_no_crash(client, body):
    answer = client.post("/api/what-if", content=body)
    assert answer.status_code == (202 if body == b"" else 400)


def test_first_figures_come_before_the_last(client, player):
    name = ask(client, name="half")
    wait_until(lambda: client.get(f"/api/what-if/{name}").json()["done"] == 10)
    card = client.get(f"/api/what-if/{name}").json()
    assert (card["state"], card["effects"][0]["runs"], card["name"]) == ("running", 10, "half")
    assert card["sentences"] == ["The attacker's division has half its men."]
    player.go.set()
    card = wait_for(client, name, "done")
    assert (card["done"], card["effects"][0]["runs"]) == (20, 20)


def test_own_changes_are_read_like_a_file(client, player, studies):
    name = ask(client, changes=["later"], own=DATE)
    card = client.get(f"/api/what-if/{name}").json()
    assert card["sentences"] == ["Three days later."]
    assert card["command"].endswith(f"--changes {studies / '.khingan/what-if' / name / 'own.yaml'}")


def test_one_plays_and_few_wait(client, player):
    names = [ask(client) for _ in range(MOST_WAITING)]
    wait_for(client, names[0], "running")
    assert [client.get(f"/api/what-if/{name}").json()["state"] for name in names[1:]] == ["queued"] * (MOST_WAITING - 1)
    answer = client.post("/api/what-if", json=SMALL)
    assert answer.status_code == 429
    assert "cancel one" in told(answer)


def test_cancel_keeps_the_figures_and_resume_goes_on(client, player):
    first, second = ask(client), ask(client)
    wait_until(lambda: client.get(f"/api/what-if/{first}").json()["done"] == 10)
    assert client.delete(f"/api/what-if/{first}").status_code == 409
    client.post(f"/api/what-if/{second}/cancel", json={})
    client.post(f"/api/what-if/{first}/cancel", json={})
    card = wait_for(client, first, "stopped")
    assert (card["done"], card["errors"]) == (10, [])
    assert player.played == [first]
    player.go.set()
    assert client.post(f"/api/what-if/{first}/again", json={"pairs": 30}).status_code == 202
    assert wait_for(client, first, "done")["pairs"] == 30
    assert client.get(f"/api/what-if/{second}").json()["state"] == "stopped"


def test_a_crash_is_told_on_its_card_and_the_next_is_played(client, player):
    player.crash = "out of luck"
    card = wait_for(client, ask(client), "failed")
    assert card["errors"] == [{"where": "the run", "what": "RuntimeError: out of luck", "remedy": "repeat it"}]
    player.crash = ""
    player.go.set()
    wait_for(client, ask(client), "done")


def test_an_answer_is_named_and_deleted(client, player, studies):
    player.go.set()
    name = ask(client)
    wait_for(client, name, "done")
    assert client.post(f"/api/what-if/{name}/name", json={"name": "mine"}).json()["name"] == "mine"
    assert client.post(f"/api/what-if/{name}/name", json={"name": 3}).status_code == 400
    assert client.delete(f"/api/what-if/{name}").status_code == 200
    assert client.get("/api/what-if").json() == []
    assert list((studies / ".khingan/what-if").iterdir()) == []


@pytest.mark.parametrize("act", ["", "/cancel", "/again", "/name", "/data"])
@pytest.mark.parametrize("name", ["20260101T000000-00000000", "..", "%2e%2e%2f..", "x"])
def test_an_unknown_question_is_no_path(client, act, name):
    assert client.get(f"/api/what-if/{name}{act}").status_code in (404, 405)
    assert client.post(f"/api/what-if/{name}{act}", json={"name": "a"} if act == "/name" else {}).status_code in (
        404,
        405,
    )


def test_progress_ends_when_nothing_plays(client, player):
    assert [kind for _, kind, _ in events(client)] == ["idle"]
    player.go.set()
    name = ask(client)
    found = events(client)
    assert [kind for _, kind, _ in found][-2:] == ["card", "idle"]
    assert (found[-2][2]["id"], found[-2][2]["state"]) == (name, "done")


def test_a_reader_who_comes_back_hears_what_it_missed_and_no_more(client, player):
    player.go.set()
    first = ask(client)
    wait_for(client, first, "done")
    last = events(client)[-1][0]
    second = ask(client)
    wait_for(client, second, "done")
    assert {data["id"] for _, kind, data in events(client, **{"Last-Event-ID": last}) if kind == "card"} == {second}
    for strange in ("x-1", "-", "9" * 400, f"{last}9999999999999999999", ""):
        heard = {data["id"] for _, kind, data in events(client, **{"Last-Event-ID": strange}) if kind == "card"}
        assert heard == {first, second}


def test_a_restart_tells_what_was_interrupted_and_resumes_it(start, player):
    before = start()
    playing, waiting = ask(before), ask(before)
    wait_until(lambda: before.get(f"/api/what-if/{playing}").json()["done"] == 10)
    last = before.queue.since(0)[-1][0]
    mark = before.queue.mark
    before.queue.close()
    after = start()
    cards = {card["id"]: card for card in after.get("/api/what-if").json()}
    assert {card["state"] for card in cards.values()} == {"stopped"}
    assert cards[playing]["done"] == 10
    assert "Resume" in cards[playing]["errors"][0]["remedy"]
    heard = events(after, **{"Last-Event-ID": f"{mark}-{last}"})
    assert {data["id"] for _, kind, data in heard if kind == "card"} == {playing, waiting}
    player.go.set()
    after.post(f"/api/what-if/{playing}/again", json={})
    assert wait_for(after, playing, "done")["errors"] == []


@pytest.mark.parametrize("record", ["", "{", "[]", '{"question": {}}', '{"question": {"pairs": 1}, "campaign": "toy"}'])
def test_a_damaged_record_is_a_card_and_no_crash(start, player, studies, record):
    folder = studies / ".khingan/what-if/20260101T000000-00000000"
    folder.mkdir(parents=True)
    (folder / "job.json").write_text(record, encoding="utf-8")
    client = start()
    (card,) = client.get("/api/what-if").json()
    assert card["state"] == "failed"
    assert client.post(f"/api/what-if/{card['id']}/again", json={}).status_code == 409
    assert client.delete(f"/api/what-if/{card['id']}").status_code == 200
