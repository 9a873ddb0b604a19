"""Runs in place of the managed runtime's bootstrap.py: `python -m streaming_runtime`, from the task root."""

import os
import sys
from pathlib import Path

from awslambdaric import bootstrap
from awslambdaric.lambda_config import LambdaConfigProvider

from streaming_runtime.client import StreamingRuntimeClient


def _keep_layers_importable() -> None:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    layers = Path("/opt/python")
    sys.path += [str(folder) for folder in (layers / "lib" / version / "site-packages", layers) if folder.is_dir()]


def main() -> None:
    """Serve invocations until the process is stopped.

    Raises:
        KeyError: Not started by Lambda: `_HANDLER` or `AWS_LAMBDA_RUNTIME_API` is missing.
    """
    _keep_layers_importable()
    config = LambdaConfigProvider([__name__, os.environ["_HANDLER"]])
    bootstrap.run(config.handler, StreamingRuntimeClient(config.api_address, config.use_thread_polling))


if __name__ == "__main__":
    main()
