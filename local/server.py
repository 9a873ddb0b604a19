"""Lambda, its Function URL and the page on one port of this machine: for `make chat`, tests and measurements."""

import asyncio
import secrets
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from contracts.security_headers import page_headers
from local.cors import Cors
from local.environment import Function
from local.function_url import FunctionUrl
from local.http1 import Exchange, serve
from local.loopback import is_own_name, listen
from local.pool import Pool, Snapshot
from local.reaper import Reaper
from local.site import Site
from local.ssm import ParameterStore
from local.throttle import Bandwidth
from local.variables import ARN, lambda_variables

_SECURITY_HEADERS = Path(__file__).parent.parent / "web" / "security-headers.json"
_TEXT = [("content-type", "text/plain; charset=utf-8")]
_FUNCTION_URL = 0  # its number in the log


class LocalLambda:
    """Serves a function and its page on loopback addresses while the context lasts.

    `/api/*` goes to the function, prefix and all, as CloudFront passes it on; everything else to the page. Runs in a
    thread of its own. No process is left behind: not on leaving, and not if this process is killed.

    Args:
        task_root: What the zip holds, unpacked; with `bootstrap` in it.
        interpreter: The Python that `bootstrap` is to start.
        environment: The function's own variables. With `API_KEY_PARAMETER`, that parameter holds `api_key`.
        handler: The function's entry, `module.function`.
        web_root: The built page.
        page_config: The page's `/config.json`, if there is one: `contracts.page_config`.
        sign_in_origin: Where people sign in, if they do: the page may talk to it.
        port: 0 takes a free one.
        timeout_seconds: How long one invocation may take before its process is killed.
        max_environments: How many requests may run at the same time; more get 429.
        api_key: What the function reads from SSM.
        cors_origins: Origins that may call the function from a browser.
        bandwidth: How fast a streamed response passes.
        tells_of_leaving: Whether a function learns that its client has left, by 400 `TruncatedHTTPRequest`, as from
            AWS's own server code; False: it runs on to its end, as the documentation has it.
        log: Takes the number of an execution environment and a line it printed; 0 is the Function URL. Called in the
            server's thread.

    Attributes:
        parameters: SSM's parameters by name; may be changed at any time.

    Raises:
        PortTakenError: On entering.
    """

    def __init__(  # noqa: PLR0913  # options by name, each with a sensible default
        self,
        task_root: Path,
        interpreter: Path,
        environment: Mapping[str, str],
        *,
        handler: str = "chat.handler.handler",
        web_root: Path | None = None,
        page_config: Mapping[str, object] | None = None,
        sign_in_origin: str = "",
        port: int = 0,
        timeout_seconds: float = 60,
        max_environments: int = 10,
        api_key: str = "local-key",
        cors_origins: Sequence[str] = (),
        bandwidth: Bandwidth | None = None,
        tells_of_leaving: bool = True,
        log: Callable[[int, str], None] = lambda _number, _line: None,
    ) -> None:
        self.parameters = {environment["API_KEY_PARAMETER"]: api_key} if "API_KEY_PARAMETER" in environment else {}
        self._task_root = task_root.resolve()
        self._interpreter = interpreter
        self._environment = environment
        self._handler = handler
        self._port = port
        self._timeout_seconds = timeout_seconds
        self._max_environments = max_environments
        self._cors = Cors(origins=cors_origins)
        self._bandwidth = bandwidth or Bandwidth()
        self._tells_of_leaving = tells_of_leaving
        self._log = log
        headers = page_headers(_SECURITY_HEADERS, filter(None, [sign_in_origin])) if web_root else {}
        self._site = Site(web_root, headers, page_config)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._port

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environments(self) -> list[Snapshot]:
        """The execution environments that are alive now."""
        return self._pool.snapshots()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            listeners = _closing(starting, listen(self._port))
            self._port = listeners[0].getsockname()[1]
            store_listeners = _closing(starting, listen())
            access_key = f"LOCAL{secrets.token_hex(16).upper()}"
            store = ParameterStore(self.parameters, access_key)
            function = self._function(access_key, f"http://127.0.0.1:{store_listeners[0].getsockname()[1]}")
            self._pool = Pool(function, self._max_environments, self._log, starting.enter_context(Reaper()))
            self._function_url = FunctionUrl(
                self._pool,
                self._cors,
                lambda line: self._log(_FUNCTION_URL, line),
                tells_of_leaving=self._tells_of_leaving,
            )
            thread = starting.enter_context(ThreadPoolExecutor(1, thread_name_prefix="local-lambda"))
            ready: Future[None] = Future()
            stop: Future[None] = Future()
            starting.callback(stop.set_result, None)
            self._serving = thread.submit(
                lambda: asyncio.run(self._serve(listeners, store, store_listeners, ready, stop))
            )
            wait([ready, self._serving], return_when=FIRST_COMPLETED)
            if self._serving.done():
                self._serving.result()
            self._started = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._started.close()
        self._serving.result()

    def _function(self, access_key: str, store_url: str) -> Function:
        version = _python_version(self._interpreter)
        own = {"AWS_ENDPOINT_URL_SSM": store_url, **self._environment}
        variables = lambda_variables(self._task_root, self._handler, version, access_key, own)
        return Function(self._task_root, self._interpreter, variables, ARN, self._timeout_seconds, self._bandwidth)

    async def _serve(
        self,
        listeners: Sequence[socket.socket],
        store: ParameterStore,
        store_listeners: Sequence[socket.socket],
        ready: Future[None],
        stop: Future[None],
    ) -> None:
        try:
            async with serve(self._route, listeners), serve(store.handle, store_listeners):
                ready.set_result(None)
                await asyncio.wrap_future(stop)
        finally:
            await self._pool.close()

    async def _route(self, exchange: Exchange) -> None:
        is_function = exchange.target.startswith("/api/")
        if not is_own_name(exchange.header("host")):
            await exchange.respond(403, _TEXT, b"This server answers to localhost and 127.0.0.1 only.\n")
        elif is_function and self._cors.is_foreign(exchange):
            await exchange.respond(403, _TEXT, b"This origin may not call the function.\n")
        elif is_function:
            await self._function_url.handle(exchange)
        else:
            await self._site.handle(exchange)


def _closing(stack: ExitStack, listeners: list[socket.socket]) -> list[socket.socket]:
    for listener in listeners:
        stack.enter_context(listener)
    return listeners


def _python_version(interpreter: Path) -> str:
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    return subprocess.run(
        [interpreter, "-I", "-S", "-c", program], check=True, capture_output=True, text=True
    ).stdout.strip()
