"""What all contenders share while they are measured: the scripted model, SSM's endpoint, the environment."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bundle.build import HostTarget
from local.http1 import serve
from local.loopback import listen
from local.reaper import Reaper
from local.ssm import ParameterStore
from local.variables import lambda_variables
from tools.bench.contenders import Contender
from tools.bench.process import Running, RunningHttp, RunningLambda

_PARAMETER = "/bench/openai-api-key"
_ACCESS_KEY = "BENCHACCESSKEY"


@dataclass
class Rig:
    """Starts contenders."""

    host: HostTarget
    upstream_url: str
    ssm_url: str
    reaper: Reaper

    def start(self, contender: Contender) -> Running:
        """Begin to start a contender; its first chat may be asked for at once."""
        own = {
            "AWS_ENDPOINT_URL_SSM": self.ssm_url,
            "API_KEY_PARAMETER": _PARAMETER,
            "UPSTREAM_BASE_URL": self.upstream_url,
            **contender.variables,
        }
        handler = "chat.handler.handler"
        variables = lambda_variables(contender.task_root, handler, self.host.python_version, _ACCESS_KEY, own)
        if contender.kind == "http":
            return RunningHttp(contender, variables, self.reaper)
        return RunningLambda(contender, self.host.interpreter, variables, self.reaper)


@asynccontextmanager
async def rig(host: HostTarget) -> AsyncIterator[Rig]:
    """The rig, while the context lasts."""
    store = ParameterStore({_PARAMETER: "sk-bench"}, _ACCESS_KEY)
    ssm = listen()
    with Reaper() as reaper:
        async with serve(store.handle, ssm), _upstream(reaper) as upstream_port:
            ssm_url = f"http://127.0.0.1:{ssm[0].getsockname()[1]}"
            yield Rig(host, f"http://127.0.0.1:{upstream_port}/v1", ssm_url, reaper)


@asynccontextmanager
async def _upstream(reaper: Reaper) -> AsyncIterator[int]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tools.bench.upstream"),
        cwd=Path(__file__).parents[2],
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    reaper.watch(process.pid)
    try:
        assert process.stdout is not None  # noqa: S101  # a pipe, as asked for
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()
        reaper.release(process.pid)
