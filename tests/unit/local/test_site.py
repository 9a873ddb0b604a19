import json
from collections.abc import Callable, Iterator

import pytest

from local.site import Site
from tests.support.raw_http import Answer, RawConnection
from tests.support.serving import serving

Get = Callable[..., tuple[Answer, bytes]]


@pytest.fixture(scope="module")
def get(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Get]:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.txt").write_text("secret")
    root = tmp_path_factory.mktemp("dist")
    (root / "assets").mkdir()
    (root / "index.html").write_text("<p>page</p>")
    (root / "assets" / "app-1a2b.js").write_text("let a")
    (root / "manifest.webmanifest").write_text("{}")
    (root / "link.txt").symlink_to(outside / "secret.txt")
    site = Site(root, {"Content-Security-Policy": "default-src 'self'"}, {"apiBase": "/api/v1"})
    with serving(site.handle) as port, RawConnection(port) as connection:

        def send(target: str, method: str = "GET") -> tuple[Answer, bytes]:
            connection.request(method, target)
            if method == "HEAD":
                return connection.read_head(), b""
            return connection.read()

        yield send


def test_the_page_is_at_the_root_and_never_cached_without_asking(get: Get) -> None:
    answer, body = get("/?from=mail")

    assert (answer.status, body) == (200, b"<p>page</p>")
    assert answer.header("content-type") == "text/html; charset=utf-8"
    assert answer.header("cache-control") == "no-cache"


def test_assets_carry_their_hash_and_are_cached_for_ever(get: Get) -> None:
    answer, _ = get("/assets/app-1a2b.js")

    assert answer.header("content-type") == "text/javascript; charset=utf-8"
    assert answer.header("cache-control") == "public, max-age=31536000, immutable"


def test_the_configuration_is_not_a_file(get: Get) -> None:
    answer, body = get("/config.json")

    assert json.loads(body) == {"apiBase": "/api/v1"}
    assert (answer.header("content-type"), answer.header("cache-control")) == ("application/json", "no-cache")


@pytest.mark.parametrize("target", ["/", "/config.json", "/nothing"])
def test_every_answer_has_the_security_headers(get: Get, target: str) -> None:
    assert get(target)[0].header("content-security-policy") == "default-src 'self'"


@pytest.mark.parametrize(
    "target",
    [
        "/nothing",
        "/assets",
        "/assets/",
        "/../outside0/secret.txt",
        "/..%2Foutside0/secret.txt",
        "/%2e%2e/outside0/secret.txt",
        "/assets/../../outside0/secret.txt",
        "//etc/passwd",
        "/%2Fetc/passwd",
        "/link.txt",
        "/index.html%00.js",
        "/..\\outside0\\secret.txt",
    ],
)
def test_nothing_but_the_pages_files_can_be_had(get: Get, target: str) -> None:
    answer, body = get(target)

    assert (answer.status, body) == (404, b"Not Found\n")


def test_head_is_answered_and_nothing_else(get: Get) -> None:
    assert get("/manifest.webmanifest", "HEAD")[0].header("content-type") == "application/manifest+json"
    assert get("/", "POST")[0].status == 405


def test_without_a_page_there_is_only_the_configuration() -> None:
    with serving(Site(None, {}, {}).handle) as port, RawConnection(port) as connection:
        connection.request("GET", "/")
        assert connection.read()[0].status == 404
        connection.request("GET", "/config.json")
        assert connection.read()[1] == b"{}"
