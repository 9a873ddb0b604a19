"""Runs in place of the managed runtime's bootstrap.py: `python -m streaming_runtime`, from the task root."""

import os
import sys
from pathlib import Path
from typing import NoReturn

from awslambdaric import bootstrap
from awslambdaric.lambda_config import LambdaConfigProvider

from streaming_runtime.client import StreamingRuntimeClient

_ONE_AT_A_TIME = (
    "streaming_runtime answers one request at a time: it does not run on Lambda Managed Instances, where a process has "
    "several (AWS_LAMBDA_MAX_CONCURRENCY is set). Use Lambda's default compute, or remove AWS_LAMBDA_EXEC_WRAPPER to "
    "have AWS's own runtime, which does not stream."
)


def _keep_layers_importable() -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    layers = Path("/opt/python")
    sys.path += [str(folder) for folder in (layers / "lib" / version / "site-packages", layers) if folder.is_dir()]


def _refuse_concurrency(client: StreamingRuntimeClient) -> NoReturn:
    """End the start with an error that Lambda shows, rather than serve one request where several were paid for."""
    print(_ONE_AT_A_TIME, file=sys.stderr)  # noqa: T201  # Lambda's log
    client.post_init_error(bootstrap.make_error(_ONE_AT_A_TIME, "Runtime.Unsupported", None))
    sys.exit(1)


def main() -> None:
    """Serve invocations until the process is stopped.

    Raises:
        KeyError: Not started by Lambda: `_HANDLER` or `AWS_LAMBDA_RUNTIME_API` is missing.
    """
    _keep_layers_importable()
    config = LambdaConfigProvider([__name__, os.environ["_HANDLER"]])
    # Other emulators than AWS's put a scheme before the address.
    client = StreamingRuntimeClient(config.api_address.removeprefix("http://"), config.use_thread_polling)
    if config.is_multi_concurrent:
        _refuse_concurrency(client)
    bootstrap.run(config.handler, client)


if __name__ == "__main__":
    main()
