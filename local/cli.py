"""The command line of `python -m local`: from nothing to a chat page, telling what it does meanwhile."""

import argparse
import dataclasses
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from bundle.build import BundlingError, build_function, host_target
from chat.settings import Settings as FunctionSettings
from contracts.page_config import page_config
from local import demo_model
from local.console import Console
from local.demo_model import DemoModel, DemoModelError
from local.deployment import local_settings
from local.issuer import Issuer, IssuerError
from local.loopback import PortTakenError, free_port_after, listen
from local.options import options_parser
from local.server import LocalLambda
from local.upstream import Upstream, UpstreamError, upstream_from
from local.variables import network_variables
from stacks.settings import Settings, SettingsError, cdk_json_context

_ROOT = Path(__file__).parent.parent
_BUILD = _ROOT / "build"
_PAGE = _ROOT / "web" / "dist"
_KEY_PARAMETER = "/lambda-stream-chat/local"
_OTHER_MODELS = """\
          For a real one:   OPENAI_API_KEY=... make chat
          For one of yours: OPENAI_BASE_URL=http://localhost:11434/v1 make chat   (Ollama, vLLM, LM Studio, ...)"""


class StartError(Exception):
    """It cannot start; the message says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until Ctrl-C or SIGTERM.

    Returns:
        The exit status: 1 if it could not start.
    """
    options = options_parser().parse_args(arguments)
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _interrupt)
    try:
        with ExitStack() as running:
            _start(options, running)
            threading.Event().wait()
    except KeyboardInterrupt:
        print("\nStopped.")
    except (StartError, BundlingError, SettingsError, UpstreamError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _start(options: argparse.Namespace, running: ExitStack) -> None:
    _check_port(options.port)
    settings = local_settings(cdk_json_context())
    names = [name.strip() for name in (options.model or os.environ.get("MODELS", "")).split(",") if name.strip()]
    upstream = upstream_from(os.environ, names, settings.models)
    began = time.monotonic()
    target = host_target()
    task_root = build_function(_BUILD / "local", target)
    _tell("function", f"{task_root.relative_to(_ROOT)}, Python {target.python_version} ({_seconds_since(began)})")
    if demo := upstream is None:
        upstream = _start_demo_model(options, running)
        settings = demo_model.suited(settings)
    else:
        _tell("model", f"{', '.join(upstream.models)} at {upstream.base_url}")
    issuer = _start_issuer(running) if options.sign_in else None
    variables = {**_variables(settings, upstream, issuer), **dict(options.set)}
    read_back = FunctionSettings.from_environment(variables)  # as the function will: what is wrong shows now
    server = LocalLambda(
        task_root,
        target.interpreter,
        variables,
        web_root=_PAGE if _PAGE.is_dir() else None,
        page_config=page_config(read_back, issuer.page if issuer else {"type": "none"}, demo=demo),
        sign_in_origin=issuer.url if issuer else "",
        port=options.port,
        timeout_seconds=options.timeout or settings.timeout_seconds,
        max_environments=options.max_environments,
        api_key=upstream.key,
        cors_origins=options.cors_origin,
        log=Console(verbose=options.verbose).log,
    )
    running.enter_context(server)
    _check_function(server)
    url = f"http://localhost:{server.port}"
    _tell("chat", f"{url}   (reachable from this machine only)")
    if not issuer:  # curl has no sign-in
        print(f'          curl -N {url}/api/ -d \'{{"message":"Hello"}}\'')
    if not _PAGE.is_dir():
        print("          The page is not built: make page")
    print("          Ctrl-C stops it.", flush=True)


def _variables(settings: Settings, upstream: Upstream, issuer: Issuer | None) -> dict[str, str]:
    here = dataclasses.replace(
        settings,
        api_key_parameter=_KEY_PARAMETER,
        models=tuple(dict.fromkeys(upstream.models)),
        upstream_base_url=upstream.base_url,
    )
    return {**here.to_environment(), **(issuer.variables if issuer else {}), **network_variables()}


def _start_demo_model(options: argparse.Namespace, running: ExitStack) -> Upstream:
    folder = _BUILD / "model"
    try:
        if not demo_model.is_installed(folder):
            _tell("model", f"downloading a small one, {demo_model.DOWNLOAD_MEGABYTES} MB, once")
        demo_model.install(folder)
        model = running.enter_context(DemoModel(folder, verbose=options.verbose))
    except DemoModelError as error:
        raise StartError(f"The demonstration model is not to be had here: {error}.\n{_OTHER_MODELS}") from error
    _tell("model", f"{demo_model.NAME}: a demonstration. It is real, but small: it forgets, and is often wrong.")
    print(_OTHER_MODELS, flush=True)
    return Upstream(model.base_url, model.key, [demo_model.NAME])


def _start_issuer(running: ExitStack) -> Issuer:
    try:
        issuer = running.enter_context(Issuer())
    except IssuerError as error:
        raise StartError(f"The OpenID provider does not start: {error}.") from None
    _tell("sign-in", f"{issuer.url}, a provider for trying out: any name and any password will do")
    return issuer


def _check_port(port: int) -> None:
    """Fail now rather than after a long download."""
    try:
        for listener in listen(port):
            listener.close()
    except PortTakenError:
        other = free_port_after(port)
        raise StartError(
            f"Port {port} is taken by another program. "
            f'A free one: make chat ARGS="--port {other}"   (python -m local --port {other})'
        ) from None
    except OSError as error:
        raise StartError(f"Cannot listen on port {port}: {error.strerror}.") from None


def _check_function(server: LocalLambda) -> None:
    """Start the first execution environment, so that a wrong setting shows now and the first answer is quick."""
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{server.url}/api/health"):
            pass
    except urllib.error.HTTPError as error:
        error.close()
        raise StartError("The function does not start; what it printed is above.") from None


def _tell(what: str, text: str) -> None:
    print(f"{what:<9} {text}", flush=True)


def _seconds_since(began: float) -> str:
    return f"{time.monotonic() - began:.1f} s"


def _interrupt(_signum: int, _frame: FrameType | None) -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # stopping takes a moment, and should not be cut short
    raise KeyboardInterrupt
