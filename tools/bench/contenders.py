"""Who is measured: what is started, with what, and what has to be known to read its figures."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from bundle.build import HostTarget
from tools.bench import build

OWN = "function"
BUFFERED = "usual"
FASTAPI = "fastapi"
NODE = "node"
PORT = 8123  # where the FastAPI application listens behind the adapter


@dataclass(frozen=True)
class Contender:
    """What is started and measured.

    Attributes:
        key: Short name, for the command line and the JSON file.
        kind: Speaks the Lambda Runtime API through its `bootstrap`, or plain HTTP on the port given to its command.
        task_root: What is started.
        zip_bytes: Of the zip that would be deployed, dependencies included.
        command: Of the `http` kind; `{port}` is replaced.
    """

    key: str
    label: str
    kind: Literal["lambda", "http"]
    task_root: Path
    zip_bytes: int
    variables: Mapping[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = ()


def prepare(host: HostTarget) -> list[Contender]:
    """Build all contenders; those that cannot be built here are left out, with a line that says why."""
    function, function_bytes = build.function(host)
    usual, usual_bytes = build.python_contender("usual", host, _awslambdaric())
    relay, relay_bytes = build.python_contender("relay", host, '"$1" relay.py', has_dependencies=False)
    contenders = [
        Contender(
            OWN,
            "**this function**",
            "lambda",
            function,
            function_bytes,
            {"MODELS": ",".join(build.MODELS), "SIGN_IN": "none", "POWERTOOLS_SERVICE_NAME": "chat"},
        ),
        _fastapi(host),
        Contender(BUFFERED, "Python, buffered, SDK objects", "lambda", usual, usual_bytes),
        Contender("relay", "bare byte relay (the limit)", "lambda", relay, relay_bytes),
    ]
    node = build.node_contender()
    if node is None:
        print(build.NODE_MISSING)
    else:
        tree, bundle_bytes, executable = node
        own = {"NODE": executable, "_HANDLER": "handler.handler"}
        contenders.insert(1, Contender(NODE, "Node, streaming", "lambda", tree, bundle_bytes, own))
    return contenders


def _awslambdaric() -> str:
    return '"$1" -m awslambdaric handler.handler'


def _fastapi(host: HostTarget) -> Contender:
    adapter = shutil.which("lambda-adapter")
    uvicorn = f'"$1" -m uvicorn app:app --port {PORT} --log-level warning'
    start = f"{uvicorn}" if adapter is None else f'"$ADAPTER" & exec {uvicorn}'
    tree, size = build.python_contender("fastapi", host, start)
    if adapter:
        own = {"ADAPTER": adapter, "AWS_LWA_PORT": str(PORT), "AWS_LWA_INVOKE_MODE": "response_stream"}
        return Contender(FASTAPI, "FastAPI, Lambda Web Adapter", "lambda", tree, size, own)
    command = (str(host.interpreter), "-m", "uvicorn", "app:app", "--port", "{port}", "--log-level", "warning")
    return Contender(FASTAPI, "FastAPI, reached directly¹", "http", tree, size, command=command)
