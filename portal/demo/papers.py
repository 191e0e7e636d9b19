"""The documents in the dossiers: real PDFs, made from templates, with invented content."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from absence.models import Trajectory
from documents.checks import CheckedFile, check
from documents.folders import Folder
from documents.pdf import render_pdf
from portal.demo.accounts import BRUG, HART, ZUID
from portal.demo.illness import working_day

CENT = Decimal("0.01")
TAX_SHARE = Decimal("0.1864")


@dataclass(frozen=True)
class DemoPaper:
    """A document about the latest illness of a person, so many days after the first sick day."""

    employer: str
    person: str
    day: int
    folder: Folder
    name: str
    is_withdrawn: bool = False


PAPERS = [
    DemoPaper(BRUG, "Wiśniewska", 2, Folder.CONTRACT, "Arbeidsovereenkomst.pdf"),
    DemoPaper(BRUG, "Wiśniewska", 2, Folder.PAYSLIP, "Loonstrook.pdf"),
    DemoPaper(BRUG, "Wiśniewska", 10, Folder.SUMMONS, "Oproepbrief spreekuur.pdf"),
    DemoPaper(BRUG, "Wiśniewska", 11, Folder.PAYSLIP, "Loonstrook van een ander.pdf", True),
    DemoPaper(BRUG, "Wiśniewska", 12, Folder.ABSENCE_OVERVIEW, "Verzuimoverzicht.pdf"),
    DemoPaper(BRUG, "Yılmaz", 3, Folder.CONTRACT, "Arbeidsovereenkomst.pdf"),
    DemoPaper(BRUG, "Yılmaz", 3, Folder.PAYSLIP, "Loonstrook.pdf"),
    DemoPaper(BRUG, "Yılmaz", 20, Folder.ABSENCE_OVERVIEW, "Verzuimoverzicht.pdf"),
    DemoPaper(BRUG, "Yılmaz", 29, Folder.CONSULTATION_REPORT, "Spreekuurverslag.pdf"),
    DemoPaper(BRUG, "de Vries", 4, Folder.CONTRACT, "Arbeidsovereenkomst.pdf"),
    DemoPaper(BRUG, "de Vries", 60, Folder.SUMMONS, "Oproepbrief spreekuur.pdf"),
    DemoPaper(BRUG, "de Vries", 68, Folder.CONSULTATION_REPORT, "Spreekuurverslag.pdf"),
    DemoPaper(BRUG, "Kartosoedirdjo", 12, Folder.PAYSLIP, "Loonstrook.pdf"),
    DemoPaper(ZUID, "Smeets", 1, Folder.PAYSLIP, "Loonstrook.pdf"),
    DemoPaper(ZUID, "Kaya", 2, Folder.CONTRACT, "Arbeidsovereenkomst.pdf"),
    DemoPaper(HART, "Şahin", 5, Folder.CONTRACT, "Arbeidsovereenkomst.pdf"),
    DemoPaper(HART, "Wójcik", 4, Folder.PAYSLIP, "Loonstrook.pdf"),
]
TEMPLATES = {
    Folder.CONTRACT: "contract",
    Folder.PAYSLIP: "payslip",
    Folder.ABSENCE_OVERVIEW: "absence_overview",
    Folder.SUMMONS: "summons",
    Folder.CONSULTATION_REPORT: "consultation_report",
}


def make_paper(paper: DemoPaper, trajectory: Trajectory, day: date) -> CheckedFile:
    """The PDF about `trajectory`, dated `day`, checked as an upload is."""
    gross = daily_wage(trajectory) * 20
    tax = (gross * TAX_SHARE).quantize(CENT)
    context = {
        "trajectory": trajectory,
        "employee": trajectory.employee,
        "employer": trajectory.employer,
        "employment": trajectory.employment,
        "day": day,
        "month": day.replace(day=1) - timedelta(days=1),
        "appointment": working_day(day + timedelta(days=7)),
        "hourly": (daily_wage(trajectory) / 8).quantize(CENT),
        "gross": gross,
        "tax": tax,
        "net": gross - tax,
    }
    return _pdf(TEMPLATES[paper.folder], context, paper.name)


def daily_wage(trajectory: Trajectory) -> Decimal:
    """Invented, but the same each time: from the name."""
    return Decimal(96 + 3 * len(trajectory.employee.surname)) + Decimal("0.40")


def _pdf(template: str, context: dict[str, Any], name: str) -> CheckedFile:
    return check(ContentFile(render_pdf(f"portal/demo/{template}.html", context), name=name))
