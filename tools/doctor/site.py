"""Checks what people use: the page, and an answer that streams."""

import hashlib
import json
from http import HTTPStatus
from typing import Any

from tools.doctor.findings import Finding, failed, good, skipped, warning
from tools.doctor.http import Answer, UnreachableError, ask, shown

TOKEN_VARIABLE = "CHAT_TOKEN"  # noqa: S105  # a name

QUESTION = "Count from 1 to 9."

_TOKENS = 16
_TOO_SOON_SECONDS = 0.2  # to tell an answer that was held back from one that took no time
_GET_TOKEN = f"""\
Sign-in is on. Set {TOKEN_VARIABLE} to an API key (make admin ARGS="keys create --owner doctor", with api_keys `on`)
or to an access token of the page (its requests carry it as x-chat-authorization: Bearer …)."""
_LOGS = "Its log says why: aws logs tail LOG_GROUP --since 10m   (LogGroupName in the stack's outputs)"


def check_page(url: str) -> tuple[Finding, dict[str, Any] | None]:
    """Whether the page is there; returns its configuration."""
    subject = f"page {shown(url)}"
    try:
        page, config = ask(url), ask(f"{url}config.json").json()
    except UnreachableError as error:
        return failed(subject, f"cannot be reached: {error}", "A new distribution needs some minutes."), None
    if page.status != HTTPStatus.OK or b"<html" not in page.body[:2000].lower():
        return failed(subject, f"answers {page.status}", "make deploy puts it there again."), None
    if not isinstance(config, dict) or "apiBase" not in config:
        return failed(subject, "has no config.json", "make deploy puts it there again."), None
    if url.startswith("https:") and "content-security-policy" not in page.headers:
        return warning(subject, "comes without its security headers", "Is it this project's page?"), config
    return good(subject, "is up"), config


def check_chat(url: str, config: dict[str, Any] | None, token: str | None, question: str) -> Finding:
    """Whether a short answer comes, and piece by piece."""
    subject = "a chat"
    if config is None:
        return skipped(subject, "there is no page to say where")
    if config.get("signIn", {}).get("type", "none") != "none" and not token:
        return skipped(subject, f"{TOKEN_VARIABLE} is not set", _GET_TOKEN)
    api = f"{url.rstrip('/')}{config['apiBase']}"
    headers = {"x-chat-authorization": f"Bearer {token}"} if token else {}
    try:
        models = ask(f"{api}/models", headers)
        match models.json():
            case {"data": [{"id": str(model)}, *_]}:
                return _judge(subject, _chat(api, model, question, headers))
            case _:
                return _refused(subject, models)
    except UnreachableError as error:
        return failed(subject, f"broke off: {error}", _LOGS)


def _chat(api: str, model: str, question: str, headers: dict[str, str]) -> Answer:
    request = {
        "model": model,
        "stream": True,
        "max_tokens": _TOKENS,
        "messages": [{"role": "user", "content": question}],
    }
    body = json.dumps(request).encode()
    signed = {"content-type": "application/json", "x-amz-content-sha256": hashlib.sha256(body).hexdigest()}
    return ask(f"{api}/chat/completions", headers | signed, body)


def _judge(subject: str, answer: Answer) -> Finding:
    if answer.status != HTTPStatus.OK:
        return _refused(subject, answer)
    if b"data: [DONE]" not in answer.body:
        return failed(subject, "the answer was interrupted", _LOGS)
    first, last = answer.pieces[0][0], answer.pieces[-1][0]
    if len(answer.pieces) == 1 and last < _TOO_SOON_SECONDS:
        return good(subject, f"the whole answer came after {last:.2f} s, too soon to see it stream")
    if len(answer.pieces) == 1:
        detail = f"the whole answer came at once, after {first:.1f} s"
        return warning(subject, detail, "Something on the way holds it back: a proxy, or an emulator of AWS.")
    return good(
        subject, f"began after {first:.1f} s and came in {len(answer.pieces)} pieces, the last after {last:.1f} s"
    )


def _refused(subject: str, answer: Answer) -> Finding:
    match answer.json():
        case {"error": {"code": str(code)}}:
            pass
        case _:
            code = ""
    # The key's refusal by the model's API is a 401 as well, with a code of its own.
    if answer.status == HTTPStatus.UNAUTHORIZED and code != "upstream_key_refused":
        return failed(subject, "the token is refused (401)", _GET_TOKEN)
    return failed(subject, f"answers {answer.status} {code}".rstrip(), _LOGS)
