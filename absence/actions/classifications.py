"""Which classifications an employer chooses from at a sick report: set by staff."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from absence.models import Classification
from accounts import audit
from accounts.audit import Action
from accounts.models import Employer

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def link_classifications(
    *, by: "User", employer: Employer, chosen: Collection[Classification]
) -> bool:
    """From now on the employer chooses from these; returns whether that is the default.

    Exactly all active ones is the default: no link is kept, so what staff switch on later is
    offered too. What was reported before stays as it is. The event holds the codes. Raises
    ValidationError when none of them is active.
    """
    Employer.objects.select_for_update(no_key=True).get(pk=employer.pk)
    if not any(classification.is_active for classification in chosen):
        raise ValidationError(
            {"classifications": "Kies er minstens één die aan staat: anders is niemand te melden."}
        )
    is_default = {row.pk for row in chosen} == {row.pk for row in Classification.objects.active()}
    employer.classifications.set([] if is_default else chosen)
    audit.record(
        Action.CLASSIFICATIONS_LINKED,
        by=by,
        employer=employer,
        obj=employer,
        detail={"codes": "all" if is_default else sorted(row.code for row in chosen)},
    )
    return is_default


def check_offered(classification: Classification, offered: Iterable[Classification]) -> None:
    """Raises ValidationError for one that the employer may not choose (any more)."""
    if classification not in offered:
        raise ValidationError(
            "Deze verzuimclassificatie is niet (meer) te kiezen. Kies een andere.",
            code="not_offered",
        )
