"""A passkey in software: does what browser and authenticator do together, and can lie about it.

Written from the WebAuthn standard (level 3, 6.1 and 6.5), not from the library that checks it.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from html import unescape
from re import search
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

from accounts.models import PasskeyDevice, User

PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40
ADD, LOGIN_PASSKEY = "/account/passkey-toevoegen/", "/inloggen/passkey/"


def to_text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Authenticator:
    """Holds one passkey. `counts`: as a security key does; what Apple or Google keeps, is at 0."""

    origin: str = "http://localhost:8000"
    domain: str = "localhost"
    flags: int = PRESENT | VERIFIED
    counts: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def but(self, **lies: Any) -> "Authenticator":
        """The same key, telling something else."""
        return replace(self, **lies)

    @property
    def public_key(self) -> bytes:
        """As COSE writes it: an elliptic curve key (2) for ES256 (-7) on P-256 (1)."""
        numbers = self.key.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` answers."""
        about = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(self.flags | HAS_KEY) + about + self.public_key
        return self._answer(
            clientDataJSON=self._client_data("webauthn.create", options),
            attestationObject=cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data}),
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` answers."""
        self.count += self.counts
        data, client_data = self._data(self.flags), self._client_data("webauthn.get", options)
        signed = data + hashlib.sha256(client_data).digest()
        signature = self.key.sign(signed, ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client_data, authenticatorData=data, signature=signature)

    def _data(self, flags: int) -> bytes:
        domain = hashlib.sha256(self.domain.encode()).digest()
        return domain + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin}
        return json.dumps(told | {"crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> dict[str, Any]:
        credential_id = to_text(self.credential_id)
        return {
            "id": credential_id,
            "rawId": credential_id,
            "type": "public-key",
            "response": {name: to_text(part) for name, part in response.items()},
            "clientExtensionResults": {},
        }


def options_on(client: Client, page: str) -> dict[str, Any]:
    """What the page asks of the browser."""
    found = search(r'data-options="([^"]*)"', client.get(page).content.decode())
    assert found
    options: dict[str, Any] = json.loads(unescape(found.group(1)))
    return options


def send(client: Client, page: str, answer: Any, **fields: str) -> Any:
    text = answer if isinstance(answer, str) else json.dumps(answer)
    return client.post(page, {"answer": text, **fields})


def with_passkey(user: User, name: str = "Laptop kantoor", **kwargs: Any) -> Authenticator:
    """The user has this passkey, as if it was made on the account page."""
    authenticator = Authenticator(**kwargs)
    PasskeyDevice.objects.create(
        user=user,
        name=name,
        credential_id=authenticator.credential_id,
        public_key=authenticator.public_key,
    )
    return authenticator


def answer_with(client: Client, authenticator: Authenticator) -> Any:
    """The second step of a login, with this passkey."""
    return send(client, LOGIN_PASSKEY, authenticator.sign(options_on(client, LOGIN_PASSKEY)))
