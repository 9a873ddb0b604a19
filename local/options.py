"""The options of `python -m local`."""

import argparse
import re

from contracts.cors import ORIGIN
from local.loopback import MAX_PORT

_DESCRIPTION = """\
Run the function and its page on this machine: the code that ships to Lambda, as Lambda runs it.

The model is the one that these variables name, else a small demonstration model, downloaded once (130 MB):
  OPENAI_API_KEY    a key for OpenAI, or for
  OPENAI_BASE_URL   any OpenAI-compatible API, with its /v1 (Ollama, vLLM, llama.cpp, LM Studio, ...)
"""


def options_parser() -> argparse.ArgumentParser:
    """The parser of all options; it ends the process with status 2 at one that it does not understand."""
    parser = argparse.ArgumentParser(
        prog="python -m local", description=_DESCRIPTION, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--port", type=_port, default=8000, metavar="N", help="where to listen, 0 for any free port (default 8000)")
    add("--model", metavar="NAMES", help="the models to allow, separated by commas; the first is the default")
    add("--max-environments", type=int, default=10, metavar="N", help="how many requests may run at once (default 10)")
    add("--timeout", type=float, metavar="SECONDS", help="the function's time-out (default: the one in cdk.json)")
    add("--set", type=_setting, action="append", default=[], metavar="NAME=VALUE", help="a variable of the function")
    add(
        "--cors-origin",
        type=_origin,
        action="append",
        default=[],
        metavar="ORIGIN",
        help="let a page of https://example.com call the function, by the rules of the deployed one; may be repeated",
    )
    add("--sign-in", action="store_true", help="let in only who signs in, with an OpenID provider on this machine")
    add("--verbose", action="store_true", help="show all that the function and the demonstration model print")
    return parser


def _setting(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _origin(text: str) -> str:
    if not re.fullmatch(ORIGIN, text):
        raise argparse.ArgumentTypeError(f"{text!r} is no origin such as https://example.com, without a path")
    return text


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > MAX_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: 0 to {MAX_PORT}")
    return int(text)
