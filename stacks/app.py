"""Puts the app together: the settings of the context, the bundles on disk, the stack."""

from pathlib import Path

from aws_cdk import App

from bundle import build as bundling
from contracts import names
from stacks.chat_site import Page
from stacks.chat_stack import ChatStack
from stacks.firewall_stack import FirewallStack
from stacks.settings import Settings, cdk_json_context

ROOT = Path(__file__).resolve().parent.parent


class PageMissingError(Exception):
    """The page is not built; the message says how to build it."""


def make_app(target: bundling.Target = bundling.LAMBDA) -> App:
    """Return the app as cdk.json and `-c` describe it, its function built. Needs no account and no credentials.

    Raises:
        SettingsError: A setting cannot be deployed.
        PageMissingError: The page is not built.
        BundlingError: The function could not be built.
    """
    # The CDK CLI passes cdk.json's context on its own; read here too, `python app.py` alone gives the same template.
    app = App(context=cdk_json_context())
    settings = Settings.from_context(app.node.get_all_context())
    files = ROOT / "web" / "dist"
    if not (files / "index.html").is_file():
        raise PageMissingError(
            "web/dist has no page yet: `make page` builds it (`make synth` and `make deploy` do so)."
        )
    if settings.firewall_rate is not None:
        FirewallStack(app, settings=settings, rate=settings.firewall_rate)
    ChatStack(
        app,
        names.stack_name(settings.stage),
        settings=settings,
        task_root=bundling.build_function(
            ROOT / "build" / ("lambda" if target is bundling.LAMBDA else "local"), target
        ),
        page=Page(files=files, headers=ROOT / "web" / "security-headers.json"),
    )
    return app
