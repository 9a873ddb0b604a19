"""Errors as clients and the log get them."""

from chat.errors import ApiError, UpstreamUnreachableError


def test_the_wire_shape_is_openais_and_has_no_reason() -> None:
    error = UpstreamUnreachableError("The model's service cannot be reached.", reason="connection refused")

    assert error.reason == "connection refused"
    assert error.wire() == {
        "error": {
            "message": "The model's service cannot be reached.",
            "type": "upstream_error",
            "code": "upstream_unreachable",
            "param": None,
        }
    }


def test_a_reason_is_one_short_line() -> None:
    error = ApiError("x", reason="certificate:\r\n\x1b[2J\ud800" + "y" * 60_000)

    assert error.reason is not None
    assert error.reason.startswith("certificate:   [2J yyy")
    assert len(error.reason) == 200


def test_a_code_is_one_short_word_whoever_made_it() -> None:
    assert ApiError("x", code="a\nb" + "c" * 60_000).code == "a b" + "c" * 61
