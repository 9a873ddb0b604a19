"""The environment variables that Lambda gives a function, and nothing of the shell that started us.

https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
"""

import os
from collections.abc import Mapping
from pathlib import Path

_PORTABLE = Path(__file__).with_name("portable")
ACCOUNT = "123456789012"
REGION = "us-east-1"
NAME = "lambda-stream-chat"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{NAME}"
# How to reach the internet from here; nothing else of the shell is passed on to the function.
_NETWORK = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


def lambda_variables(
    task_root: Path, handler: str, python_version: str, access_key: str, own: Mapping[str, str]
) -> dict[str, str]:
    """All variables of a function's process but AWS_LAMBDA_RUNTIME_API.

    Args:
        task_root: The folder the zip would be unpacked to.
        handler: `module.function`.
        python_version: `3.13`.
        access_key: Goes into the credentials; means nothing outside this machine.
        own: The function's own variables; win over the others.
    """
    variables = {
        "AWS_ACCESS_KEY_ID": access_key,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{python_version}",
        "AWS_LAMBDA_EXEC_WRAPPER": str(task_root / "bootstrap"),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_FUNCTION_NAME": NAME,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{NAME}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_SESSION_TOKEN": "local",
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "LAMBDA_TASK_ROOT": str(task_root),
        "LANG": "en_US.UTF-8",
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "TZ": ":UTC",
        "_HANDLER": handler,
        # What Lambda's sandbox has no need of: keep the developer's own settings and packages out.
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONNOUSERSITE": "1",
        **own,
    }
    if not any(task_root.glob("runtime_client.*")):  # AWS compiles it for Linux only
        variables["PYTHONPATH"] = os.pathsep.join(filter(None, [str(_PORTABLE), variables.get("PYTHONPATH")]))
    return variables


def network_variables() -> dict[str, str]:
    """The shell's variables about proxies and certificates, with this machine itself reached directly."""
    found = {name: value for name in _NETWORK if (value := os.environ.get(name) or os.environ.get(name.lower()))}
    return {**found, "NO_PROXY": ",".join(filter(None, [found.get("NO_PROXY"), "localhost,127.0.0.1,::1"]))}
