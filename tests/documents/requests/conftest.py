"""What tests of document requests share: the day, and a request for two payslips and a contract."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from absence.models import Trajectory
from accounts.models import User
from documents.models import Document, DocumentRequest, RequestItem, RequestPurpose
from documents.requests.actions import Wanted, ask_documents
from documents.requests.answering import answer_item
from tests.documents import files

NOW = "2026-11-24T12:00:00+01:00"
TODAY = date(2026, 11, 24)
DUE = date(2026, 12, 8)
SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
CONTRACT = Wanted(Document.Folder.CONTRACT)
OVERVIEW = Wanted(Document.Folder.ABSENCE_OVERVIEW)
PAYSLIP = Wanted(Document.Folder.PAYSLIP, OCTOBER)
EARLIER_PAYSLIP = Wanted(Document.Folder.PAYSLIP, SEPTEMBER)


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Tuesday 24 November 2026, noon in the Netherlands."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def purpose(db: None) -> RequestPurpose:
    return RequestPurpose.objects.get(code="uitkering")


def ask(by: User, trajectory: Trajectory, *wanted: Wanted, **fields: Any) -> DocumentRequest:
    """A request as the form of staff makes it; a payslip of October unless said otherwise."""
    defaults = {
        "due_on": DUE,
        "purpose": RequestPurpose.objects.get(code="uitkering"),
        "submission": uuid4(),
    }
    return ask_documents(
        by=by, trajectory=trajectory, wanted=wanted or (PAYSLIP,), **(defaults | fields)
    )


def give(by: User, item: RequestItem, text: str = "oktober", **fields: Any) -> Document:
    """One file for the item, safe at once: what the scanner would say."""
    [document] = answer_item(
        by=by,
        item=item,
        files=[files.checked(files.pdf(text=text))],
        submission=fields.pop("submission", uuid4()),
    )
    if fields.pop("is_safe", True):
        Document.objects.filter(pk=document.pk).update(state=Document.State.SAFE)
    return document


def seen(item: RequestItem) -> int:
    """What the page to decide on the item shows as its newest answer."""
    answer = item.answers.order_by("-pk").first()
    assert answer
    return answer.pk


@pytest.fixture
def asked(ilse: User, trajectory: Trajectory) -> DocumentRequest:
    return ask(ilse, trajectory, CONTRACT, EARLIER_PAYSLIP, PAYSLIP)


@pytest.fixture
def item(asked: DocumentRequest) -> RequestItem:
    """The payslip of October."""
    return asked.items.get(month=OCTOBER)
