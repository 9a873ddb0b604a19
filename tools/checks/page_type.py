"""The page's config.json as a TypeScript type, with the default settings: web/src/core/page-config.ts."""

import inspect
import json
import typing
from typing import Any, Literal, NotRequired, get_args, get_origin

from contracts.page_config import Fixed, OidcSignIn, OpenSignIn, camel_case, page_config, told
from stacks.settings import Settings, declared

_NAMES = {str: "string", bool: "boolean", int: "number", float: "number", tuple[str, ...]: "string[]"}


def page_type() -> str:
    """Return the file's text."""
    settings = typing.get_type_hints(Settings)
    described = {camel_case(name): (declared()[name].meaning, settings[name]) for name in told(Settings)}
    fixed = {name: ("", kind) for name, kind in typing.get_type_hints(Fixed, include_extras=True).items()}
    defaults = page_config(Settings(), {"type": "none"})
    return "\n".join(
        [
            "// Written by `make settings` from contracts/page_config.py and the settings that the page is told.",
            *_interface(OidcSignIn),
            *_interface(OpenSignIn),
            "",
            f"/** {inspect.getdoc(Fixed)} */",
            "export interface Config {",
            *_fields(fixed | described),
            "}",
            "",
            "export const defaults: Config = {",
            *(f"  {name}: {_literal(value)}," for name, value in defaults.items()),
            "};",
            "",
        ]
    )


def _interface(declared_as: type) -> list[str]:
    fields = {name: ("", kind) for name, kind in typing.get_type_hints(declared_as, include_extras=True).items()}
    return [
        "",
        f"/** {inspect.getdoc(declared_as)} */",
        f"export interface {declared_as.__name__} {{",
        *_fields(fields),
        "}",
    ]


def _fields(fields: dict[str, tuple[str, Any]]) -> list[str]:
    lines = []
    for name, (meaning, kind) in fields.items():
        if meaning:
            lines.append(f"  /** {meaning} */")
        optional = get_origin(kind) is NotRequired
        lines.append(f"  {name}{'?' if optional else ''}: {_typescript(get_args(kind)[0] if optional else kind)};")
    return lines


def _typescript(kind: Any) -> str:  # noqa: ANN401  # types have no common type
    if kind in _NAMES:
        return _NAMES[kind]
    if get_origin(kind) is Literal:
        return " | ".join(json.dumps(option) for option in get_args(kind))
    if typing.is_typeddict(kind):
        return str(kind.__name__)
    return " | ".join("null" if option is type(None) else _typescript(option) for option in get_args(kind))


def _literal(value: object) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{name}: {_literal(inner)}" for name, inner in value.items()) + " }"
    return json.dumps(value)
