"""What the documents tell people to type does what they say it does."""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.server import LocalLambda
from tests.integration.conftest import Function
from tests.support.raw_upstream import DONE, FINISH, event, streamed, token
from tests.support.snippets import DOCUMENTS, ROOT, commands, snippets

OWN = "docs/your-own-function.md"


def test_the_readme_s_curl(function: Function) -> None:
    [line] = snippets("README.md", "sh")
    assert "http://localhost:8000" in line

    answered = subprocess.run(
        ["bash", "-c", line.replace("http://localhost:8000", function.url)], capture_output=True, text=True, check=True
    )

    assert answered.stdout == "Hello"


def test_the_readme_s_openai_client_also_where_the_first_chunk_has_no_choices(function: Function) -> None:
    program, _ = snippets("README.md", "python")
    assert "http://localhost:8000" in program
    filtered = event({"choices": [], "prompt_filter_results": []})  # Azure OpenAI's first
    function.upstream.script = streamed(filtered, token("Hel"), token("lo"), FINISH, DONE)

    answered = subprocess.run(
        [sys.executable, "-c", program.replace("http://localhost:8000", function.url)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (answered.returncode, answered.stdout) == (0, "Hello"), answered.stderr


def test_the_readme_s_routes_are_there(function: Function) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    table = "".join(re.findall(r"^\| `.*", text, re.MULTILINE))
    listed = re.findall(r"`(GET|POST) (/[^`\s]*)", table)

    assert len(listed) >= 8
    for method, path in listed:
        reply = function.send(method, f"/api{path}".replace("{id}", "small"), {} if method == "POST" else None)
        # This body is no request, and this function has no model for embeddings.
        assert reply.status in {200, 400} or reply.error["code"] == "not_offered", (method, path)
    # Below /api with `make chat`; everything else is the page's, which this function has not.
    assert function.send("GET", "/health").status == 404


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clone, as far as the guide uses one, after its first two steps."""
    project = tmp_path_factory.mktemp("clone")
    for name in ("lambda_src", "local", "bundle", "contracts", "web"):
        (project / name).symlink_to(ROOT / name)
    (project / ".venv").symlink_to(sys.prefix)
    for name, program in zip(("hello.py", "run_hello.py", "hello_stack.py"), snippets(OWN, "python"), strict=True):
        (project / name).write_text(program, encoding="utf-8")
    for_lambda, for_here, *_ = snippets(OWN, "sh")
    subprocess.run(["bash", "-ec", for_lambda + for_here], cwd=project, check=True)
    return project


def test_the_guide_s_zip_has_what_arm64_needs(project: Path) -> None:
    root = project / "build" / "hello"

    assert {"hello.py", "bootstrap", "streaming_runtime", "awslambdaric"} <= {path.name for path in root.iterdir()}
    assert os.access(root / "bootstrap", os.X_OK)
    [client] = root.glob("runtime_client*.so")
    assert client.name == "runtime_client.cpython-313-aarch64-linux-gnu.so"
    pinned = re.search(r"^awslambdaric==(\S+)", (ROOT / "lambda_src" / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned is not None
    assert (root / f"awslambdaric-{pinned[1]}.dist-info").is_dir()


@pytest.fixture
def hello(project: Path) -> Iterator[str]:
    """The guide's function on this machine, on a free port; its address."""
    program = (project / "run_hello.py").read_text(encoding="utf-8")
    assert "port=8001" in program
    (project / "run_here.py").write_text(program.replace("port=8001", "port=0"), encoding="utf-8")
    with subprocess.Popen([sys.executable, "run_here.py"], cwd=project, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        told = running.stdout.readline().split()
        try:
            assert told[:2] == ["curl", "-N"]
            yield told[2]
        finally:
            running.terminate()


def test_the_guide_s_function_streams_on_this_machine(hello: str) -> None:
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(hello, timeout=60) as response:
        pieces = []
        while piece := response.read1():  # a chunk at a time
            pieces.append(piece)

    assert pieces == [b"0\n", b"1\n", b"2\n", b"3\n", b"4\n"]
    assert response.headers["content-type"] == "text/plain"
    assert response.headers["set-cookie"] == "seen=1"


def test_the_guide_s_stack_streams_in_aws(project: Path) -> None:
    made = project / "cdk.out"
    subprocess.run(
        [sys.executable, "hello_stack.py"], cwd=project, env={**os.environ, "CDK_OUTDIR": str(made)}, check=True
    )

    template = json.loads((made / "hello-stream.template.json").read_text(encoding="utf-8"))
    by_type = {resource["Type"]: resource["Properties"] for resource in template["Resources"].values()}
    function = by_type["AWS::Lambda::Function"]
    assert function["Environment"]["Variables"] == {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/bootstrap"}
    assert (function["Runtime"], function["Architectures"]) == ("python3.13", ["arm64"])
    assert by_type["AWS::Lambda::Url"]["InvokeMode"] == "RESPONSE_STREAM"
    assert by_type["AWS::Lambda::Url"]["AuthType"] == "AWS_IAM"


def test_the_readme_s_handler_streams(project: Path, tmp_path: Path) -> None:
    _, program = snippets("README.md", "python")
    root = tmp_path / "root"
    root.mkdir()
    for path in (project / "build" / "hello-here").iterdir():
        (root / path.name).symlink_to(path)
    (root / "readme.py").write_text(program, encoding="utf-8")

    with (
        LocalLambda(root, Path(sys.executable), {}, handler="readme.handler") as running,
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"{running.url}/api/", timeout=60) as answer,
    ):
        assert answer.read() == b"".join(b"%d\n" % number for number in range(10))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_commands_run_from_a_clone(document: Path) -> None:
    for command in commands(document):
        assert not re.match(r"npx |cdk |python -m |python3 -m |uv ", command), "it is in .venv or node_modules"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")

    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
        if not target.startswith(("http://", "https://")):
            assert (document.parent / target).exists(), target
