"""Progress as server-sent events: each event is a whole card, so a reader who missed some needs only the latest."""

import asyncio
import json
from collections.abc import AsyncIterator

from khingan.serve.queue import Queue

LOOK_S, BEAT_S = 0.1, 15.0  # how often the queue is looked at, and how long a silence may last


def last_number(queue: Queue, last_event: str) -> int:
    """What a reader has seen, from its Last-Event-ID; nothing, if that was another start of the server."""
    mark, _, number = last_event.partition("-")
    known = mark == queue.mark and number.isascii() and number.isdigit() and len(number) < 18
    return int(number) if known else 0


async def cards(queue: Queue, last_event: str = "") -> AsyncIterator[str]:
    """Every card that changed after the last event, and then as they change; `idle` ends the stream."""
    seen, silence = last_number(queue, last_event), 0.0
    yield "retry: 1000\n\n"
    while True:
        idle = queue.idle()  # asked first, so that the last card is sent before the end
        for number, card in queue.since(seen):
            seen, silence = number, 0.0
            yield f"id: {queue.mark}-{number}\nevent: card\ndata: {json.dumps(card)}\n\n"
        if idle:
            yield f"id: {queue.mark}-{seen}\nevent: idle\ndata: {{}}\n\n"
            return
        await asyncio.sleep(LOOK_S)
        silence += LOOK_S
        if silence >= BEAT_S:
            silence = 0.0
            yield ": still here\n\n"
