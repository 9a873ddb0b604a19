import socket
from collections.abc import Iterator
from contextlib import closing

import pytest

from local.loopback import PortTakenError, free_port_after, is_own_name, listen


@pytest.fixture
def listeners() -> Iterator[list[socket.socket]]:
    listeners = listen()
    yield listeners
    for listener in listeners:
        listener.close()


def test_localhost_is_answered_whichever_address_it_means(listeners: list[socket.socket]) -> None:
    port = listeners[0].getsockname()[1]
    families = {family for family, *_ in socket.getaddrinfo("localhost", port, type=socket.SOCK_STREAM)}

    assert {listener.family for listener in listeners} >= families
    assert {listener.getsockname()[1] for listener in listeners} == {port}
    assert {listener.getsockname()[0] for listener in listeners} <= {"127.0.0.1", "::1"}


def test_a_port_in_use_is_said_to_be(listeners: list[socket.socket]) -> None:
    port = listeners[0].getsockname()[1]

    with pytest.raises(PortTakenError, match=f"port {port} is taken") as caught:
        listen(port)

    assert caught.value.port == port


def test_a_port_in_use_on_the_other_address_alone_is_taken_too() -> None:
    try:
        other = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        return  # a machine without IPv6 has no other address
    with closing(other), pytest.raises(PortTakenError):
        listen(other.getsockname()[1])


def test_another_port_is_found(listeners: list[socket.socket]) -> None:
    port = listeners[0].getsockname()[1]

    other = free_port_after(port)

    assert other != port
    for listener in listen(other):
        listener.close()


@pytest.mark.parametrize("authority", ["localhost", "localhost:8000", "LOCALHOST", "127.0.0.1:80", "[::1]:8000"])
def test_this_machine_has_names_for_itself(authority: str) -> None:
    assert is_own_name(authority)


@pytest.mark.parametrize(
    "authority", ["", "evil.example", "localhost.evil.example:8000", "192.168.0.2", "[::1", "null"]
)
def test_any_other_name_is_foreign(authority: str) -> None:
    assert not is_own_name(authority)
