"""The pages of a recovery in the back office, for its tests."""

import re
from html import unescape
from typing import Any

from accounts.models import AccountRecovery, User
from tests.accounts.recovery_steps import EVIDENCE

LIST = "/beheer/accounts/accountrecovery/"
ASKED = {"called_number": "024-374 16 60", "evidence": EVIDENCE, "has_called": "on"}


def ask_page(user: User) -> str:
    return f"/beheer/accounts/user/{user.pk}/accountherstel/"


def page_of(found: AccountRecovery, act: str = "change") -> str:
    return f"{LIST}{found.pk}/{act}/"


def text_of(response: Any) -> str:
    return unescape(re.sub(r"\s+", " ", response.content.decode()))
