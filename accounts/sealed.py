"""Encryption of single columns, and keyed hashes for values that must be compared but not read.

A sealed value is `version | key id | nonce | ciphertext and tag` (AES-256-GCM). The key is derived
per column from a master key of the ring in SEALING_KEYS, and the column's name is authenticated
with it: a value moved to another column does not open, and where a column says to whom its values
belong, neither does one moved to somebody else's row. Source: security.md 2.7, C8.
"""

import hashlib
import hmac
import os
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

VERSION = 1
NONCE_BYTES = 12
HEADER_BYTES = 2


class SealError(Exception):
    """A sealed value was tampered with, belongs elsewhere or has an unknown key."""


@lru_cache(maxsize=8)
def _ring(entries: tuple[str, ...]) -> dict[int, bytes]:
    """The master keys by id, newest first."""
    ring = {}
    for entry in entries:
        key_id, _, key = entry.partition(":")
        ring[int(key_id)] = bytes.fromhex(key)
    if not ring or any(len(key) != 32 for key in ring.values()):
        raise ImproperlyConfigured("SEALING_KEYS: say <id>:<64 hex digits>, see .env.example")
    return ring


@lru_cache(maxsize=256)
def _derive(master: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(master)


def seal(text: str, purpose: str, owner: object = "") -> bytes:
    """`text` encrypted for `purpose` (a column, or another place where it is kept).

    `owner` is whose it is; only with the same owner it opens again.
    """
    return seal_bytes(text.encode(), purpose, owner)


def seal_bytes(content: bytes, purpose: str, owner: object = "") -> bytes:
    ring = _ring(tuple(settings.SEALING_KEYS))
    key_id = next(iter(ring))
    header = bytes([VERSION, key_id])
    nonce = os.urandom(NONCE_BYTES)
    cipher = AESGCM(_derive(ring[key_id], purpose))
    return header + nonce + cipher.encrypt(nonce, content, _context(header, purpose, owner))


def unseal(sealed: bytes, purpose: str, owner: object = "") -> str:
    """The text that was sealed for this purpose and owner. Raises SealError on anything else."""
    return unseal_bytes(sealed, purpose, owner).decode()


def unseal_bytes(sealed: bytes, purpose: str, owner: object = "") -> bytes:
    sealed = bytes(sealed)
    header = sealed[:HEADER_BYTES]
    nonce = sealed[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
    if len(nonce) < NONCE_BYTES or header[0] != VERSION:
        raise SealError(f"not a sealed value of {purpose}")
    master = _ring(tuple(settings.SEALING_KEYS)).get(header[1])
    if master is None:
        raise SealError(f"unknown key for {purpose}")
    cipher = AESGCM(_derive(master, purpose))
    try:
        body = sealed[HEADER_BYTES + NONCE_BYTES :]
        return cipher.decrypt(nonce, body, _context(header, purpose, owner))
    except InvalidTag:
        raise SealError(f"tampered value, or not of {purpose}") from None


def _context(header: bytes, purpose: str, owner: object) -> bytes:
    """What is authenticated with a value but not stored with it."""
    return header + (f"{purpose}\x1f{owner}" if owner else purpose).encode()


def keyed_hash(purpose: str, *parts: object) -> str:
    """HMAC-SHA256 in hex over the parts: for codes, throttle keys and blind indexes.

    The key is PEPPER, which is not in the database: who has only the database cannot try values.
    """
    key = _derive(settings.PEPPER.encode(), purpose)
    message = "\x1f".join(str(part) for part in parts)
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()


class Sealed(bytes):
    """A value that is still closed: as it is in the database."""


class _OpenedWhenRead(DeferredAttribute):
    """Opens a row's value the first time it is read: only the row knows whose it is."""

    field: "SealedTextField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Sealed):
            value = instance.__dict__[self.field.attname] = self.field.open(value, instance)
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs only
    """Text that is sealed in the database; empty text is stored as NULL.

    Only `isnull` can be asked of it; compare through a `keyed_hash` column instead. `owner` names
    the attribute of the row that says whose the value is: copied to the row of somebody else, it
    does not open. Such a value is written and read through its row only.
    """

    descriptor_class = _OpenedWhenRead

    def __init__(self, *args: Any, owner: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)
        self.owner = owner

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs | ({"owner": self.owner} if self.owner else {})

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def open(self, value: Sealed, row: models.Model) -> str:
        return unseal(value, self.purpose, getattr(row, self.owner))

    def from_db_value(self, value: bytes | None, *_: object) -> str | Sealed:
        if value is None:
            return ""
        return Sealed(value) if self.owner else unseal(value, self.purpose)

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if not self.owner or not value:
            return value
        return Sealed(seal(value, self.purpose, getattr(model_instance, self.owner)))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str) and value:
            if self.owner:
                raise FieldError(f"{self.name} belongs to a row: save that, do not update in bulk")
            value = Sealed(seal(value, self.purpose))
        sealed = value if isinstance(value, Sealed) else None
        return super().get_db_prep_value(sealed, connection, prepared)

    def get_default(self) -> str:
        return ""

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: ask `isnull`, or compare a keyed hash")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is sealed: it is not serialised")


class SealedBytesField(models.BinaryField):  # type: ignore[type-arg]  # generic in the stubs only
    """Bytes that are sealed in the database, such as a PDF; only `isnull` can be asked of it."""

    @property
    def purpose(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def from_db_value(self, value: bytes | None, *_: object) -> bytes | None:
        return None if value is None else unseal_bytes(value, self.purpose)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = None if value is None else seal_bytes(bytes(value), self.purpose)
        return super().get_db_prep_value(sealed, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is sealed: ask `isnull`")
        return super().get_lookup(lookup_name)

    def value_to_string(self, obj: models.Model) -> str:
        raise FieldError(f"{self.name} is sealed: it is not serialised")
