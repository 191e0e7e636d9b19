"""Makes a casefile: in the worker, and bears being done twice or broken off."""

from django.db import transaction
from django.utils import timezone

from accounts.audit import Action, record
from documents.casefile.content import context_of, documents_of, report_of
from documents.casefile.models import Casefile
from documents.pdf import render_pdf
from documents.waiting_work import make_each

MOST_AT_ONCE = 20


def make_casefile(*, casefile_id: int) -> bool:
    """Makes the PDF that was asked for, in place of the one before; recorded as the system's.

    Returns whether it was made now. When the report was withdrawn meanwhile, the request goes.
    """
    waiting = Casefile.objects.waiting().select_related("asked_by", "employer", "dossier")
    casefile = waiting.filter(pk=casefile_id).first()
    if casefile is None:
        return False
    report = report_of(casefile)
    if report is None:
        casefile.delete()
        return False
    made_at = timezone.now()
    documents = documents_of(report)
    context = context_of(casefile, report, documents, made_at=made_at)
    casefile.pdf = render_pdf("pdf/casefile.html", context)
    casefile.made_at, casefile.documents = made_at, [document.pk for document in documents]
    return _store(casefile)


@transaction.atomic
def _store(casefile: Casefile) -> bool:
    """Once, also when two workers come to it at the same time."""
    stored = Casefile.objects.waiting().filter(pk=casefile.pk)
    if not stored.update(pdf=casefile.pdf, made_at=casefile.made_at, documents=casefile.documents):
        return False
    earlier = Casefile.objects.filter(trajectory=casefile.trajectory_id, made_at__isnull=False)
    earlier.exclude(pk=casefile.pk).delete()
    record(
        Action.CASEFILE_MADE,
        by=None,
        employer=casefile.employer,
        dossier=casefile.dossier,
        obj=casefile.trajectory,
        detail={"documents": len(casefile.documents)},
    )
    return True


def make_waiting() -> int:
    """Makes what no job made. Returns how many still wait."""
    waiting = Casefile.objects.waiting().order_by("asked_at", "pk").values_list("pk", flat=True)
    return make_each(waiting, lambda key: make_casefile(casefile_id=key), most=MOST_AT_ONCE)


def remove_expired() -> int:
    """Removes what nobody can download any more. Returns how many; the log keeps that they were."""
    removed, _ = Casefile.objects.expired().delete()
    return removed
