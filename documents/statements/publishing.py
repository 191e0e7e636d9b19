"""Publishes one sheet of a confirmed month: in the worker, and bears being done twice.

The statement, its PDF, the event and the e-mail come in one transaction: a worker that is killed
halfway leaves the sheet as it was, and the job is done again.
"""

import hashlib
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.formats import date_format

from absence.holidays import Calendar
from accounts.models import Employer, Policy
from documents.actions import publish_statement
from documents.checks import CheckedFile
from documents.models import BenefitStatement, Document, StatementSheet
from documents.pdf import render_pdf
from documents.statements.benefit import ZERO, pay_by
from documents.statements.printing import printed
from documents.statements.reasons import percent
from documents.storage import atomic_with_files

Facts = list[list[str]]


@atomic_with_files()
def publish_sheet(*, sheet_id: int, day: date | None = None) -> BenefitStatement:
    """Makes the statement of a sheet, once. The employer gets one e-mail for a month, not more.

    `day` is the day of publication, today unless it is made up (the demo). Done again, the
    statement that is there is returned. Raises StatementSheet.DoesNotExist for a
    sheet that was thrown away, PermissionDenied for a month that nobody confirmed, ValidationError
    when the policy got another statement meanwhile, StorageError.
    """
    rows = StatementSheet.objects.select_for_update(of=("self",), no_key=True)
    sheet = rows.select_related("run__confirmed_by", "policy__employer").get(pk=sheet_id)
    if sheet.statement is not None:
        return sheet.statement
    if sheet.run.confirmed_by is None:
        raise PermissionDenied
    day = day or timezone.localdate()
    sheet.facts = facts_of(sheet, day)
    if sheet.total > 0:
        sheet.pay_by = pay_by(day, Calendar(settings.PAY_CALENDAR))
    pdf = on_paper(sheet)
    # Of two sheets of one employer the second waits here, and then knows of the first.
    Employer.objects.select_for_update(no_key=True).get(pk=sheet.employer_id)
    beside = StatementSheet.objects.filter(run=sheet.run, employer=sheet.employer_id)
    sheet.statement = publish_statement(
        by=sheet.run.confirmed_by,
        policy=sheet.policy,
        month=sheet.run.month,
        file=own_pdf(pdf),
        is_told=not beside.filter(statement__isnull=False).exists(),
    )
    sheet.save(update_fields=["facts", "pay_by", "statement"])
    return sheet.statement


def on_paper(sheet: StatementSheet) -> bytes:
    """Its PDF of two sheets."""
    context = sheet_context(sheet)
    return render_pdf("pdf/statement.html", context | {"printed": printed(context["lines"])})


def sheet_context(sheet: StatementSheet) -> dict[str, Any]:
    """What both the PDF and the page show."""
    lines = list(sheet.lines.with_names())
    return {
        "sheet": sheet,
        "month": sheet.run.month,
        "employer_name": sheet.policy.employer.name,
        "lines": lines,
        "total": sum((line.total for line in lines), ZERO),
    }


def facts_of(sheet: StatementSheet, published_on: date) -> Facts:
    """Sheet 1 as it is on the day of publication. Source: rulebook B11."""
    policy: Policy = sheet.policy
    employer = policy.employer
    return [
        ["Specificatienummer", sheet.number],
        ["Datum", f"{published_on:%d-%m-%Y}"],
        ["Maand", date_format(sheet.run.month, "F Y")],
        ["Verzekeringnemer", employer.name],
        ["KvK-nummer", employer.kvk_number],
        ["Loonheffingennummer", employer.payroll_tax_number or "Niet vastgelegd"],
        ["Polisnummer", policy.number],
        ["Product", policy.get_product_display()],
        ["Ingangsdatum", f"{policy.starts_on:%d-%m-%Y}"],
        *_cover_facts(policy),
    ]


def _cover_facts(policy: Policy) -> Facts:
    cover = getattr(policy, "cover", None)
    if cover is None:
        return []
    account = [["IBAN waarop wordt uitgekeerd", cover.iban_masked]] if cover.iban else []
    return [
        *account,
        ["Uitkeringspercentage", f"{percent(cover.percentage)} van het dagloon"],
        ["Wachtdagen", str(cover.waiting_days)],
    ]


def own_pdf(pdf: bytes) -> CheckedFile:
    """A PDF that we made ourselves: it needs no inspection."""
    return CheckedFile(
        content=ContentFile(pdf),
        name="uitkeringsspecificatie.pdf",
        type=Document.Type.PDF,
        size=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
    )
