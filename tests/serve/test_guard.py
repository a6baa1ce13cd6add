"""Nobody who was led here from another site reads or starts anything."""

import pytest
from waiting import HOST, SMALL, told

STRANGERS = ["evil.example", "evil.example:8945", "127.0.0.1", "127.0.0.1:80", f"{HOST}.evil.example", "[::1]:8945", ""]
ORIGINS = ["http://evil.example", "null", "http://127.0.0.1", "https://127.0.0.1:8945", "http://localhost:3000"]
EVERY_PATH = ["/", "/serve.js", "/api/campaign", "/api/studies", "/api/what-if", "/api/events", "/studies/a"]


@pytest.mark.parametrize("path", EVERY_PATH)
@pytest.mark.parametrize("host", STRANGERS)
def test_another_host_name_is_refused_everywhere(client, host, path):
    assert client.get(path, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("origin", ORIGINS)
def test_another_origin_neither_reads_nor_writes(client, origin):
    assert client.get("/api/studies", headers={"Origin": origin}).status_code == 403
    answer = client.post("/api/what-if", json=SMALL, headers={"Origin": origin})
    assert answer.status_code == 403
    assert told(answer).startswith("Origin | ")
    assert client.get("/api/what-if").json() == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_link_from_another_site_opens_the_first_page_alone(client, site):
    led = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
    del client.headers["Origin"]
    assert client.get("/", headers=led).status_code == 200
    assert client.get("/api/studies", headers=led).status_code == 403


def test_a_change_of_state_needs_an_origin_and_json(client):
    answer = client.post("/api/what-if", content=b"{}", headers={"Content-Type": "text/plain"})
    assert answer.status_code == 415
    del client.headers["Origin"]
    assert client.post("/api/what-if", json=SMALL).status_code == 403
    assert client.delete("/api/studies/a").status_code == 403


@pytest.mark.parametrize("path", ["/", "/serve.js", "/api/campaign", "/no-such", "/api/what-if/none"])
def test_every_answer_forbids_requests_to_elsewhere(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe-inline" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_a_long_body_is_read_no_further_than_the_limit(client):
    answer = client.post("/api/what-if", content=(b" " * 10_000 for _ in range(1000)))
    assert answer.status_code == 413
