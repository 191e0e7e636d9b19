"""Work of the accounts app for the worker."""

from base64 import b64decode, b64encode

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from accounts.actions import forgotten, receipts, upkeep
from accounts.delivery import send_message
from accounts.sealed import seal, unseal

__all__ = [
    "ask_password_link",
    "ask_username",
    "send_message",
    "send_password_link",
    "send_username",
    "store_receipt",
    "tidy",
]

ASKED_NAME = "task.asked_name"


def ask_password_link(name: str) -> None:
    """Leaves it to the worker whether there is such an account: the page takes as long for both."""
    send_password_link.defer(sealed_name=_sealed(name))


def ask_username(name: str) -> None:
    """Likewise, for who forgot under which name to log in."""
    send_username.defer(sealed_name=_sealed(name))


def _sealed(name: str) -> str:
    """The queue is no place for what people type."""
    return b64encode(seal(name, ASKED_NAME)).decode()


def _opened(sealed_name: str) -> str:
    return unseal(b64decode(sealed_name), ASKED_NAME)


@app.task(queue="messages")
def send_password_link(sealed_name: str) -> None:
    forgotten.send_password_link(name=_opened(sealed_name))


@app.task(queue="messages")
def send_username(sealed_name: str) -> None:
    forgotten.send_username(name=_opened(sealed_name))


# A receipt that is here before its sending was stored is tried again after 2, 4 ... seconds.
@app.task(
    queue="messages",
    retry=RetryStrategy(
        max_attempts=5, exponential_wait=2, retry_exceptions={receipts.UnknownMessageError}
    ),
)
def store_receipt(provider_id: str, delivery: str, status: str = "") -> None:
    receipts.note_receipt(provider_id=provider_id, delivery=delivery, status=status)


@app.periodic(cron="*/10 * * * *")
@app.task(queue="timed", queueing_lock="accounts.tidy")
def tidy(timestamp: int) -> None:
    upkeep.tidy()
