import json
from collections.abc import Callable
from pathlib import Path

from tests.support.template import Template

HEADERS = Path(__file__).parent.parent.parent / "web" / "security-headers.json"


def sent_headers(template: Template) -> dict[str, str]:
    config = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    typed = config["SecurityHeadersConfig"]
    hsts = typed["StrictTransportSecurity"]
    headers = {item["Header"]: item["Value"] for item in config["CustomHeadersConfig"]["Items"]}
    return headers | {
        "content-security-policy": typed["ContentSecurityPolicy"]["ContentSecurityPolicy"],
        "x-content-type-options": "nosniff" if typed["ContentTypeOptions"]["Override"] else "",
        "x-frame-options": typed["FrameOptions"]["FrameOption"],
        "referrer-policy": typed["ReferrerPolicy"]["ReferrerPolicy"],
        "strict-transport-security": f"max-age={hsts['AccessControlMaxAgeSec']}"
        + ("; includeSubDomains" if hsts["IncludeSubdomains"] else "")
        + ("; preload" if hsts["Preload"] else ""),
    }


def test_the_headers_of_the_file_are_the_headers_that_are_sent(synthesize: Callable[..., Template]) -> None:
    template = synthesize(sign_in="none")
    file = {name.lower(): value for name, value in json.loads(HEADERS.read_text(encoding="utf-8")).items()}

    assert sent_headers(template) == file


def test_every_header_wins_over_what_an_origin_says(template: Template) -> None:
    config = template.one("AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]

    assert all(item["Override"] for item in config["CustomHeadersConfig"]["Items"])
    assert all(header["Override"] for header in config["SecurityHeadersConfig"].values())


def test_the_headers_forbid_what_they_must(synthesize: Callable[..., Template]) -> None:
    headers = sent_headers(synthesize(sign_in="none"))
    policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))

    assert "unsafe" not in headers["content-security-policy"]
    assert "*" not in headers["content-security-policy"]
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "microphone=()" in headers["permissions-policy"]
    assert int(headers["strict-transport-security"].split(";")[0].removeprefix("max-age=")) >= 31_536_000
