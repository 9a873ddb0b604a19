import pytest

from chat.auth.bearer import bearer_token
from chat.auth.errors import InvalidTokenError, MissingTokenError

SIGNED_BY_CLOUDFRONT = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/lambda/aws4_request, Signature=00"


@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer a.b-c_d"},
        {"authorization": "bearer   a.b-c_d "},
        {"x-chat-authorization": "Bearer a.b-c_d"},
        {"x-chat-authorization": "Bearer a.b-c_d", "authorization": SIGNED_BY_CLOUDFRONT},
        {"x-chat-authorization": "Bearer a.b-c_d", "authorization": "Bearer other"},
    ],
)
def test_the_token_is_found(headers: dict[str, str]) -> None:
    assert bearer_token(headers) == "a.b-c_d"


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": SIGNED_BY_CLOUDFRONT}, {"authorization": "Basic YTpi"}, {"authorization": ""}]
)
def test_no_token(headers: dict[str, str]) -> None:
    with pytest.raises(MissingTokenError):
        bearer_token(headers)


@pytest.mark.parametrize(
    "value", ["Bearer ", "Bearer a b", "Bearer a, Bearer b", "Bearer ä", "Bearer " + "a" * 8193, "Basic a", ""]
)
def test_a_malformed_token_is_not_looked_for_elsewhere(value: str) -> None:
    with pytest.raises(InvalidTokenError):
        bearer_token({"x-chat-authorization": value, "authorization": "Bearer good"})
