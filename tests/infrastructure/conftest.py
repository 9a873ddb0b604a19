"""The synthesized template, made once for each combination of settings that a test asks for."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import stacks  # noqa: F401  # before aws_cdk: it quietens jsii

# The CDK's own validation takes most of a synth's time; test_synth.py has it on, once. Read when aws_cdk is imported.
os.environ["CDK_VALIDATION"] = "false"

from aws_cdk import App

from contracts import names
from stacks.chat_site import Page
from stacks.chat_stack import ChatStack
from stacks.settings import Settings, cdk_json_context
from tests.support.template import Template

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

AddStack = Callable[..., ChatStack]


@pytest.fixture(scope="session")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that the app is made from, as it is at this moment, in a folder of its own."""
    copy = tmp_path_factory.mktemp("checkout")
    for folder in ("contracts", "lambda_src", "bundle", "stacks", "web/dist"):
        if (ROOT / folder).exists():  # without a built page, app.py says so
            shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("app.py", "cdk.json", "web/security-headers.json"):
        (copy / file).parent.mkdir(exist_ok=True)
        shutil.copyfile(ROOT / file, copy / file)
    return copy


@pytest.fixture(scope="session")
def zip_content(source: Path) -> Path:
    """The bundle for Lambda, where app.py expects it."""
    command = [sys.executable, "-m", "bundle", "--target", "lambda", "--out", "build/lambda"]
    built = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    return source / "build" / "lambda"


@pytest.fixture(scope="session")
def empty_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle that stands for the real one."""
    folder = tmp_path_factory.mktemp("task-root")
    (folder / "bootstrap").write_text("stands for the bundle")
    return folder


@pytest.fixture(scope="session")
def page() -> Page:
    """A page that stands for the real one."""
    return Page(files=HERE / "page", headers=ROOT / "web" / "security-headers.json")


@pytest.fixture(scope="session")
def add_stack(empty_root: Path, page: Page) -> AddStack:
    """A function that puts the chat's stack into an app."""

    def add(app: App, settings: Settings, construct_id: str = "", **stack_props: Any) -> ChatStack:  # noqa: ANN401
        construct_id = construct_id or names.stack_name(settings.stage)
        return ChatStack(app, construct_id, settings=settings, task_root=empty_root, page=page, **stack_props)

    return add


@pytest.fixture(scope="session")
def synthesize(add_stack: AddStack, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Template]:
    """A function that gives the template for settings: `synthesize(exposure="direct")`."""

    @functools.cache
    def synthesized(**settings: Any) -> Template:  # noqa: ANN401 - settings have many types
        app = App(context=cdk_json_context(), outdir=str(tmp_path_factory.mktemp("cdk.out")))
        stack = add_stack(app, Settings.from_context(settings))
        return Template(Path(app.synth().get_stack_by_name(stack.stack_name).template_full_path))

    return synthesized


@pytest.fixture(scope="session")
def template(synthesize: Callable[..., Template]) -> Template:
    """The template of the default settings."""
    return synthesize()


@pytest.fixture(scope="session")
def direct(synthesize: Callable[..., Template]) -> Template:
    """The template with the Function URL open."""
    return synthesize(exposure="direct")
