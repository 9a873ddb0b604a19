"""Runs one of local's request handlers on a port of its own, in a thread."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

from local.http1 import Handler, serve
from local.loopback import listen


@contextmanager
def serving(handler: Handler, **options: int) -> Iterator[int]:
    """The port that it answers on; the options are those of `serve`."""
    listeners = listen()
    ready: Future[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def run() -> None:
        async with serve(handler, listeners, **options):
            stop = asyncio.Event()
            ready.set_result((asyncio.get_running_loop(), stop))
            await stop.wait()

    with ThreadPoolExecutor(1) as thread:
        served = thread.submit(asyncio.run, run())
        loop, stop = ready.result()
        try:
            yield listeners[0].getsockname()[1]
        finally:
            loop.call_soon_threadsafe(stop.set)
            served.result()
