"""A page of another origin with OpenAI's own client for browsers, in front of the function's cross-origin rules."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from bundle.build import HostTarget
from local.http1 import Exchange
from local.server import LocalLambda
from tests.support.logs import Logs
from tests.support.scripted_upstream import Server
from tests.support.serving import serving

CLIENT = Path(__file__).parents[1] / "node_modules" / "openai"
ASKS = """async ([baseURL, what]) => {
    const { default: OpenAI } = await import("/index.mjs");
    const client = new OpenAI({
        baseURL, apiKey: "any", organization: "org", project: "project", timeout: 30000, maxRetries: 0,
        dangerouslyAllowBrowser: true,
    });
    const messages = [{ role: "user", content: "say one two" }];
    const completions = client.chat.completions;
    const asks = {
        whole: async () => (await completions.create({ model: "scripted", messages })).choices[0].message.content,
        helped: async () => (await completions.parse({ model: "scripted", messages })).choices[0].message.content,
        stream: async () => {
            let text = "";
            for await (const chunk of await completions.create({ model: "scripted", messages, stream: true })) {
                text += chunk.choices[0]?.delta.content ?? "";
            }
            return text;
        },
        models: async () => (await client.models.list()).data.map((model) => model.id),
        unknown_model: () => completions.create({ model: "none", messages }),
        request_id: async () => (await client.models.list().asResponse()).headers.get("x-request-id"),
        unlisted_header: () => client.models.list({ headers: { "x-unlisted": "1" } }),
        unlisted_method: () => client.put("/models"),
    };
    return await asks[what]().catch((error) => `${error.constructor.name} ${error.code}`);
}"""


async def client_files(exchange: Exchange) -> None:
    """The npm package as it is, and an empty page."""
    file = CLIENT / exchange.target.lstrip("/")
    if file.suffix == ".mjs" and file.is_file():
        await exchange.respond(200, [("content-type", "text/javascript")], file.read_bytes())
    else:
        await exchange.respond(200, [("content-type", "text/html")], b"<!doctype html><link rel=icon href=data:,>")


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Another one than the function's, and under another name than this machine's own."""
    with serving(client_files) as port:
        yield f"http://chat.localhost:{port}"


@pytest.fixture(scope="module")
def function(task_root: Path, host: HostTarget, upstream: Server, origin: str) -> Iterator[LocalLambda]:
    variables = {
        "API_KEY_PARAMETER": "/chat/key",
        "UPSTREAM_BASE_URL": upstream.url,
        "MODELS": "scripted",
        "SIGN_IN": "none",
    }
    with LocalLambda(task_root, host.interpreter, variables, cors_origins=[origin], log=Logs()) as function:
        yield function


def asked(context: BrowserContext, page_origin: str, function: LocalLambda, what: str) -> object:
    page = context.new_page()
    page.goto(page_origin)
    return page.evaluate(ASKS, [f"{function.url}/api/v1", what])


@pytest.mark.parametrize(
    ("what", "answer"),
    [
        ("whole", "one two "),
        ("helped", "one two "),
        ("stream", "one two "),
        ("models", ["scripted"]),
        ("unknown_model", "NotFoundError model_not_found"),
    ],
)
def test_the_client_gets_what_it_asks_for(
    context: BrowserContext, origin: str, function: LocalLambda, what: str, answer: object
) -> None:
    assert asked(context, origin, function, what) == answer


def test_the_page_may_read_the_requests_id(context: BrowserContext, origin: str, function: LocalLambda) -> None:
    assert asked(context, origin, function, "request_id")


@pytest.mark.parametrize("what", ["unlisted_header", "unlisted_method"])
def test_what_the_deployed_rules_do_not_list_is_refused_here_too(
    context: BrowserContext, origin: str, function: LocalLambda, what: str, problems: list[str]
) -> None:
    assert asked(context, origin, function, what) == "APIConnectionError undefined"

    assert "blocked by CORS policy" in problems.pop()


def test_a_page_of_an_origin_that_is_not_allowed_gets_nothing(
    context: BrowserContext, origin: str, function: LocalLambda, problems: list[str]
) -> None:
    stranger = origin.replace("chat.", "stranger.")

    assert asked(context, stranger, function, "models") == "APIConnectionError undefined"

    assert "blocked by CORS policy" in problems.pop()
