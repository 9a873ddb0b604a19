"""The event that a Function URL makes of an HTTP request: payload format 2.0.

https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads
"""

import base64
import json
import time
import uuid
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from local.http1 import Exchange

_HOP_BY_HOP = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
_TEXT_TYPES = {"application/json", "application/javascript", "application/xml"}
_API_ID = "local"


def function_url_event(exchange: Exchange, body: bytes) -> bytes:
    """The event, as JSON.

    Header names are in lower case and several values of one are joined by commas; cookies are apart. A body that is not
    declared to be text, form data included, comes as base64.
    """
    path, _, query = exchange.target.partition("?")
    headers, cookies = _headers(exchange, body)
    now = datetime.now(UTC)
    text, is_base64 = _text(body, exchange.header("content-type"))
    optional: dict[str, object] = {}
    if cookies:
        optional["cookies"] = cookies
    if query:
        optional["queryStringParameters"] = _query_parameters(query)
    if body:
        optional["body"] = text
    event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "headers": headers,
        "requestContext": {
            "accountId": "anonymous",
            "apiId": _API_ID,
            "domainName": headers["host"],
            "domainPrefix": _API_ID,
            "http": {
                "method": exchange.method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": exchange.peer[0],
                "userAgent": exchange.header("user-agent"),
            },
            "requestId": str(uuid.uuid4()),
            "routeKey": "$default",
            "stage": "$default",
            "time": now.strftime("%d/%b/%Y:%H:%M:%S +0000"),
            "timeEpoch": int(now.timestamp() * 1000),
        },
        "isBase64Encoded": is_base64,
        **optional,
    }
    return json.dumps(event, ensure_ascii=False).encode()


def _headers(exchange: Exchange, body: bytes) -> tuple[dict[str, str], list[str]]:
    headers: dict[str, str] = {"host": ""}
    for name in dict(exchange.headers):
        if name not in _HOP_BY_HOP:
            headers[name] = exchange.header(name)
    if body:
        headers["content-length"] = str(len(body))
    cookies = [cookie.strip() for cookie in headers.pop("cookie", "").replace(",", ";").split(";") if cookie.strip()]
    source, port = exchange.peer
    headers |= {
        "x-forwarded-for": source,
        "x-forwarded-port": str(port),
        "x-forwarded-proto": "http",
        "x-amzn-trace-id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
    }
    return headers, cookies


def _query_parameters(query: str) -> dict[str, str]:
    parameters: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        parameters[name] = f"{parameters[name]},{value}" if name in parameters else value
    return parameters


def _text(body: bytes, content_type: str) -> tuple[str, bool]:
    kind = content_type.partition(";")[0].strip().lower()
    if kind.startswith("text/") or kind.endswith(("+json", "+xml")) or kind in _TEXT_TYPES:
        try:
            return body.decode(), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(body).decode(), bool(body)
