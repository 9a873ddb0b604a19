"""An OpenID Connect issuer over HTTP: discovery document, signing keys, and tokens both genuine and forged."""

import base64
import hashlib
import hmac
import json
import threading
import time
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from tests.support.secrets import secret

CLIENT_ID = "chat-page"
EMAIL = "somebody@example.com"

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass
class SigningKey:
    """A key pair under a name."""

    key_id: str
    private: PrivateKey
    algorithm: str

    @property
    def public(self) -> dict[str, Any]:
        if isinstance(self.private, rsa.RSAPrivateKey):
            jwk = RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        else:
            jwk = ECAlgorithm.to_jwk(self.private.public_key(), as_dict=True)
        return {**jwk, "kid": self.key_id, "use": "sig", "alg": self.algorithm}

    @property
    def pem(self) -> bytes:
        """The public key, as whoever forges a token would have it."""
        return self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def rsa_key(key_id: str, bits: int = 2048) -> SigningKey:
    return SigningKey(key_id, rsa.generate_private_key(65537, bits), "RS256")


def ec_key(key_id: str) -> SigningKey:
    return SigningKey(key_id, ec.generate_private_key(ec.SECP256R1()), "ES256")


@cache
def _lasting_keys() -> tuple[SigningKey, ...]:
    return rsa_key("first"), ec_key("second")  # an RSA key takes a moment to make


@dataclass
class Issuer:
    """The issuer. Change `keys`, `documents` or `status` and it answers so; `requests` are the paths it was asked."""

    keys: list[SigningKey] = field(default_factory=lambda: list(_lasting_keys()))
    documents: dict[str, object] = field(default_factory=dict)
    status: int = 200
    requests: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def claims(self, **changed: object) -> dict[str, object]:
        """The claims of a good access token as Cognito makes them; a claim changed to `None` is left out."""
        now = int(time.time())
        claims: dict[str, object] = {
            "iss": self.url,
            "sub": "7f3c0f6e-person",
            "client_id": CLIENT_ID,
            "token_use": "access",
            "username": EMAIL,
            "iat": now,
            "exp": now + 600,
        }
        return {name: value for name, value in (claims | changed).items() if value is not None}

    def token(self, *, key: SigningKey | None = None, key_id: str | None = None, **changed: object) -> str:
        """An access token, signed."""
        key = key or self.keys[0]
        headers = {"kid": key.key_id if key_id is None else key_id}
        return secret(jwt.encode(self.claims(**changed), key.private, key.algorithm, headers))

    def signed(self, header: object, payload: object) -> str:
        """Any JSON as a header and a payload, signed all the same (RS256)."""
        signed = f"{_part(header)}.{_part(payload)}"
        private = self.keys[0].private
        assert isinstance(private, rsa.RSAPrivateKey)
        return secret(f"{signed}.{_base64(RSAAlgorithm(RSAAlgorithm.SHA256).sign(signed.encode(), private))}")

    def unsigned(self, algorithm: str = "none", **header: object) -> str:
        """A token that claims to need no signature."""
        return f"{_part({'alg': algorithm, 'kid': self.keys[0].key_id, **header})}.{_part(self.claims())}."

    def signed_with_the_public_key(self) -> str:
        """HS256 with the public key as the shared secret: accepted by whoever believes the token's own `alg`."""
        signed = f"{_part({'alg': 'HS256', 'kid': self.keys[0].key_id})}.{_part(self.claims())}"
        signature = hmac.new(self.keys[0].pem, signed.encode(), hashlib.sha256).digest()
        return f"{signed}.{_base64(signature)}"

    def answer(self, path: str) -> object:
        if path in self.documents:
            return self.documents[path]
        if path == "/.well-known/openid-configuration":
            return {"issuer": self.url, "jwks_uri": f"{self.url}/keys"}
        return {"keys": [key.public for key in self.keys]}

    def __enter__(self) -> Self:
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                issuer.requests.append(self.path)
                answer = issuer.answer(self.path)
                body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(issuer.status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _part(value: object) -> str:
    return _base64(json.dumps(value).encode())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
