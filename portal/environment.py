"""Reads settings from the environment and says what is missing, and where to set it."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def env(name: str, default: str | None = None) -> str:
    """The value of `name`, or the content of the file that `<name>_FILE` points to.

    Raises ImproperlyConfigured when neither is set and there is no default. Set to nothing, as
    secrets are in a copy of .env.example, is not set.
    """
    value = os.environ.get(name)
    if value or (value is not None and default is not None):
        return value
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    if default is not None:
        return default
    raise ImproperlyConfigured(f"{name} is not set: put it in the environment, see .env.example")


def env_bool(name: str, *, default: bool = False) -> bool:
    """A switch. Raises ImproperlyConfigured on a word that is neither yes nor no."""
    word = env(name, "yes" if default else "no").lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name}={word!r}: say yes or no")


def env_int(name: str, *, default: int) -> int:
    """A whole number. Raises ImproperlyConfigured on anything else."""
    text = env(name, str(default))
    try:
        return int(text)
    except ValueError:
        raise ImproperlyConfigured(f"{name}={text!r}: say a whole number") from None


def env_list(name: str, default: str | None = "") -> list[str]:
    """Values separated by commas."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def env_pairs(name: str, default: str) -> dict[str, str]:
    """`name=value` pairs separated by commas; what is not given keeps its default.

    Raises ImproperlyConfigured for a name that the default does not have.
    """
    known = dict(part.split("=", 1) for part in default.split(","))
    given = dict(part.partition("=")[::2] for part in env_list(name, default))
    if unknown := given.keys() - known.keys():
        raise ImproperlyConfigured(f"{name}: no such name as {', '.join(sorted(unknown))}")
    return known | given


# What SMS_BACKEND may say; the mailbox exists in development only.
SMS_BACKENDS = {
    "http": "accounts.sms.http_json.send",
    "kannel": "accounts.sms.kannel.send",
    "mailbox": "portal.mailbox.send_sms",
}


def sms_backend(word: str) -> str:
    """The function that sends an sms. Raises ImproperlyConfigured on another word, and on the
    mailbox where real people wait for a code.
    """
    if word not in SMS_BACKENDS or (word == "mailbox" and not env_bool("DEVELOPMENT")):
        raise ImproperlyConfigured(f"SMS_BACKEND={word!r}: say http or kannel, see .env.example")
    return SMS_BACKENDS[word]


# What DOCUMENT_SCANNER may say; the stand-in exists in development only.
DOCUMENT_SCANNERS = {
    "clamd": "documents.scanners.clamd",
    "development": "documents.scanners.development",
}


def document_scanner(word: str) -> str:
    """The function that scans a file. Raises ImproperlyConfigured on another word, and on the
    stand-in where files come from strangers.
    """
    if word not in DOCUMENT_SCANNERS or (word == "development" and not env_bool("DEVELOPMENT")):
        raise ImproperlyConfigured(f"DOCUMENT_SCANNER={word!r}: say clamd, see .env.example")
    return DOCUMENT_SCANNERS[word]


def postgres_from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for `postgres://user:password@host:port/name?option=value`.

    Raises ImproperlyConfigured for any other engine: see docs/decisions/0001-postgresql-only.md.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL: only postgres:// is supported, see .env.example")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", parts.hostname or "")
    return {
        "ENGINE": "portal.database",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }


def without_waiting(database: dict[str, Any]) -> dict[str, Any]:
    """The same database, over connections whose commits do not wait for the disk."""
    options = database["OPTIONS"]
    asked = f"{options.get('options', '')} -c synchronous_commit=off".strip()
    return {**database, "OPTIONS": {**options, "options": asked}}


def file_storage(folder: Path) -> dict[str, Any]:
    """Django's STORAGES entry for documents: in S3 when a bucket is named, otherwise in `folder`.

    Never below a public address: documents leave through documents.views only.
    """
    bucket = env("DOCUMENTS_S3_BUCKET", "")
    if not bucket:
        options = {
            "location": str(folder),
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env("DOCUMENTS_S3_ENDPOINT", "") or None,
            "region_name": env("DOCUMENTS_S3_REGION", "eu-central-1"),
            "signature_version": "s3v4",
            "default_acl": None,
            "file_overwrite": False,
        },
    }


def smtp_mailer() -> dict[str, Any]:
    """Django's MAILERS entry for the mail server of the environment."""
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env("SMTP_HOST"),
            "port": env_int("SMTP_PORT", default=587),
            "username": env("SMTP_USERNAME", ""),
            "password": env("SMTP_PASSWORD", ""),
            "use_tls": env_bool("SMTP_TLS", default=True),
            "timeout": 20,
        },
    }
