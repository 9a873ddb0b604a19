"""What is done before the first request, and around a snapshot."""

import random
import socket
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from snapshot_restore_py import get_after_restore, get_before_snapshot

from chat.aws.service import JsonService
from chat.http1.pool import Pool
from chat.model.api_key import ApiKey
from chat.warm_up import WarmUp

SECONDS = 10


class Place:
    """Upstream and SSM: a listening socket and counted reads."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(SECONDS)
        self.reads: list[str] = []
        self.read = threading.Event()
        monkeypatch.setattr(JsonService, "call", self._call)
        url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/v1"
        self.key = ApiKey("/key")
        self.upstream = Pool(url, SECONDS)
        self.warm_up = WarmUp([self.key, self.upstream])

    def _call(self, _operation: str, _request: Mapping[str, Any]) -> dict[str, Any]:
        self.reads.append(f"key {len(self.reads) + 1}")
        self.read.set()
        return {"Parameter": {"Value": self.reads[-1].replace(" ", "-")}}

    def accept(self) -> socket.socket:
        peer, _ = self.listener.accept()
        peer.settimeout(SECONDS)
        return peer


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    there = Place(monkeypatch)
    yield there
    there.upstream.forget()
    there.listener.close()
    for registered in (get_before_snapshot(), get_after_restore()):
        registered.clear()


def hooks(registered: list[tuple[Any, tuple[object, ...], dict[str, object]]]) -> None:
    for hook, arguments, options in registered:
        hook(*arguments, **options)


def test_the_key_is_read_and_upstream_connected_to_before_the_first_request(place: Place) -> None:
    place.warm_up.begin()

    place.accept().close()
    assert place.read.wait(SECONDS)
    assert place.key.read() == "key-1"
    assert place.reads == ["key 1"]


def test_an_upstream_that_is_not_there_is_no_defect_yet(place: Place) -> None:
    place.listener.close()

    place.warm_up.begin()

    assert place.read.wait(SECONDS)


def test_nothing_is_done_ahead_that_would_be_frozen_in_a_snapshot(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")

    place.warm_up.begin()

    place.listener.settimeout(0.05)
    with pytest.raises(TimeoutError):
        place.listener.accept()
    assert place.reads == []


def test_before_a_snapshot_connections_are_closed_and_the_key_forgotten(place: Place) -> None:
    place.warm_up.begin()
    peer = place.accept()
    assert place.key.read() == "key-1"

    hooks(get_before_snapshot())

    assert peer.recv(1) == b""
    peer.close()
    assert place.key.read() == "key-2"


def test_after_a_restore_all_is_ready_again_and_random_numbers_differ(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start")
    place.warm_up.begin()
    hooks(get_before_snapshot())
    random.seed(7)
    frozen = random.getstate()

    hooks(get_after_restore())

    assert random.getstate() != frozen
    place.accept().close()
    assert place.read.wait(SECONDS)
    assert place.reads == ["key 1"]
