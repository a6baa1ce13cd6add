"""What tests of the server share: asking, and waiting for what a thread does."""

from time import monotonic, sleep

HOST = "127.0.0.1:8945"
SMALL = {"changes": ["small-division"], "measures": ["irrecoverable-jp"], "pairs": 20}


def ask(client, **other):
    """A question that is accepted; its name."""
    answer = client.post("/api/what-if", json=SMALL | other)
    assert answer.status_code == 202, answer.text
    return answer.json()["id"]


def wait_for(client, name, *states, seconds=10.0):
    """The card once it is in one of these states."""
    until = monotonic() + seconds
    while monotonic() < until:
        card = client.get(f"/api/what-if/{name}").json()
        if card["state"] in states:
            return card
        sleep(0.02)
    raise AssertionError(f"{card['state']} and not {states}: {card['errors']}")


def wait_until(true, seconds=10.0):
    """Wait until something is so."""
    until = monotonic() + seconds
    while not true():
        assert monotonic() < until
        sleep(0.02)


def told(answer):
    """The first error as one line."""
    error = answer.json()["errors"][0]
    return " | ".join(error[key] for key in ("where", "what", "remedy"))
