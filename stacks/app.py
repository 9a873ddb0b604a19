"""Puts the app together: the settings of the context, the bundles on disk, the stacks."""

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Environment

from bundle import build as bundling
from contracts import names
from stacks.chat_site import Page
from stacks.chat_stack import ChatStack
from stacks.firewall_stack import FirewallStack
from stacks.settings import Settings, SettingsError, cdk_json_context

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
    kept = cdk_json_context()
    app = App(context=kept)
    settings = Settings.from_context(app.node.get_all_context())
    region = firewall_region(settings, Settings.from_context(kept), os.environ)
    files = ROOT / "web" / "dist"
    if not (files / "index.html").is_file():
        raise PageMissingError(
            "web/dist has no page yet: `make page` builds it (`make synth` and `make deploy` do so)."
        )
    task_root = bundling.build_function(ROOT / "build" / ("lambda" if target is bundling.LAMBDA else "local"), target)
    page = Page(files=files, headers=ROOT / "web" / "security-headers.json")
    add_stacks(app, settings, task_root=task_root, page=page, region=region)
    return app


def add_stacks(app: App, settings: Settings, *, task_root: Path, page: Page, region: str | None = None) -> ChatStack:
    """Put the stacks into the app: the chat's, and with `firewall_rate` one before it.

    The chat's is for any region if none is given, which `firewall_rate` rules out: see `firewall_region`.
    """
    name = names.stack_name(settings.stage)
    if (rate := settings.firewall_rate) is not None:
        firewall = FirewallStack(app, names.firewall_stack_name(settings.stage), settings=settings, rate=rate)
        settings = dataclasses.replace(settings, web_acl_arn=firewall.web_acl_arn)
    env = Environment(region=region) if region else None
    return ChatStack(app, name, settings=settings, task_root=task_root, page=page, env=env)


def firewall_region(settings: Settings, kept: Settings, environment: Mapping[str, str]) -> str | None:
    """Return the region that the chat's stack must name, for it refers to the firewall's, which is in another.

    Args:
        settings: With what `-c` gave.
        kept: As cdk.json alone has them.
        environment: The CDK CLI says in it where it is about to deploy.

    Raises:
        SettingsError: The region is not known, or `destroy` would not find the firewall's stack again.
    """
    if settings.firewall_rate != kept.firewall_rate:
        raise SettingsError(
            "firewall_rate: set it in cdk.json, not with -c: its stack costs money, and `destroy` has to find it again"
        )
    if settings.firewall_rate is None:
        return None
    region = environment.get("CDK_DEFAULT_REGION") or environment.get("AWS_REGION")
    if not region:
        raise SettingsError("firewall_rate: needs to know the region: set AWS_REGION, or sign in to AWS")
    return region
