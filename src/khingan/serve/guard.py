"""Who may ask: this machine's browser on the server's own page, and nobody who was led here from elsewhere.

A page of another site can make a browser send requests to 127.0.0.1, and by DNS rebinding under a name of its own. The
Host header gives the second away, Origin and Sec-Fetch-Site the first. Every answer forbids its page all requests but
to the server itself.
"""

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse

from khingan.serve.told import RefusedError, told

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

FROM_HERE = "ask from the server's own page"
READING = ("GET", "HEAD")
MOST_BYTES = 64 * 1024  # of a request's body
OWN_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
# A study may come from anywhere: its page runs apart from the server's origin, and cannot ask it for anything.
STUDY_PAGE = (
    "sandbox allow-scripts allow-downloads allow-modals; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": OWN_PAGE,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Refuses strangers before any route sees them, and adds the headers to every answer."""

    def __init__(self, app: App, hosts: Iterable[str]) -> None:
        self.app, self.hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything but HTTP (a websocket, say) is not spoken here."""
        if scope["type"] == "lifespan":
            return await self.app(scope, receive, send)
        if scope["type"] != "http":
            return None
        try:
            self.look_at(scope["method"], scope["path"], Headers(scope=scope))
        except RefusedError as refused:
            answer = JSONResponse({"errors": told(refused)}, refused.status)
            return await answer(scope, receive, self.sealed(send))
        return await self.app(scope, receive, self.sealed(send))

    def look_at(self, method: str, path: str, headers: Headers) -> None:
        """Refuse a request that did not come from the server's own page."""
        host, origin = headers.getlist("host"), headers.getlist("origin")
        if len(host) != 1 or host[0].lower() not in self.hosts:
            remedy = "open " + " or ".join(f"http://{name}/" for name in sorted(self.hosts))
            raise RefusedError(421, "Host", f"{', '.join(host)[:100]!r} is not this server", remedy)
        if origin and origin != [f"http://{host[0]}"]:
            raise RefusedError(403, "Origin", f"{', '.join(origin)[:100]!r} may not ask", FROM_HERE)
        came = headers.get("sec-fetch-site", "none")
        led = came not in ("none", "same-origin")
        if led and not (path == "/" and method in READING and headers.get("sec-fetch-mode") == "navigate"):
            raise RefusedError(403, "Sec-Fetch-Site", f"{came[:100]!r} may not ask", FROM_HERE)
        if method not in READING:
            if not origin:
                raise RefusedError(403, "Origin", "is missing", FROM_HERE)
            if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
                raise RefusedError(415, "Content-Type", "is not application/json", "send JSON")

    def sealed(self, send: Send) -> Send:
        """Adds the headers that an answer has not set itself."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        return sending


async def body_of(request: Request) -> bytes:
    """A request's body, read no further than the limit, whatever its length claims to be."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise RefusedError(413, "the request", f"is longer than {MOST_BYTES} bytes", "ask for less at once")
    return body
