"""Pages of the benefit statements: the ledger, its file, and one statement as a page."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from absence import exports
from accounts.audit import Action, record
from accounts.http import UserRequest
from accounts.models import Employer, has_zw_erd
from documents.models import BenefitStatement
from documents.statements import ledger
from documents.statements.listing import groups_for
from documents.statements.publishing import sheet_context
from dossiers.access import employers_only


@employers_only
@require_safe
def statements(request: UserRequest) -> HttpResponse:
    """The latest benefit statements of each employer the user works for, and sums per year."""
    for employer in request.user.employer_roles:
        record(Action.STATEMENT_LIST, by=request.user, employer=employer)
    context = {
        "groups": groups_for(request.user),
        "nmbrs_url": settings.NMBRS_URL if has_zw_erd(request.user) else "",
    }
    return render(request, "documents/statement_list.html", context)


@employers_only
@require_safe
def export(request: UserRequest, kind: str) -> HttpResponse:
    """All statements that the user may see as a file. Names no employee."""
    if kind not in exports.KINDS:
        raise Http404
    rows = BenefitStatement.objects.visible_to(request.user).with_sheet()
    cells = list(ledger.lines(rows[: exports.MAX_ROWS]))
    if kind == "csv":
        content = exports.as_csv(cells, ledger.HEADS)
    else:
        content = exports.as_xlsx(cells, ledger.HEADS, ledger.SHEET)
    detail = {"kind": kind, "rows": len(cells)}
    for employer in Employer.objects.visible_to(request.user):
        record(Action.STATEMENT_EXPORT, by=request.user, employer=employer, detail=detail)
    name = f"uitkeringsspecificaties_{timezone.localdate():%Y-%m-%d}.{kind}"
    return HttpResponse(
        content,
        content_type=exports.KINDS[kind].content_type,
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{name}"',
        },
    )


@employers_only
@require_safe
def statement(request: UserRequest, uuid: UUID) -> HttpResponse:
    """One statement as a page: the same two sheets as its PDF, which it links to."""
    rows = BenefitStatement.objects.visible_to(request.user).with_sheet()
    found = get_object_or_404(rows.filter(sheet__isnull=False), uuid=uuid)
    sheet = found.sheet
    sheet.statement = found
    dossier = found.document.dossier
    record(
        Action.STATEMENT_VIEW,
        by=request.user,
        employer=found.employer,
        dossier=dossier,
        obj=found,
    )
    context = {**sheet_context(sheet), "statement": found, "dossier": dossier}
    return render(request, "documents/statement_detail.html", context)
