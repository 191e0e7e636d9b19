"""Which dossiers and reports of absence a user may open. Every page about one starts here."""

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from absence.actions.reports import refuse_report
from absence.models import Trajectory
from accounts.audit import Action
from accounts.http import UserRequest
from dossiers.access import dossier_for
from dossiers.models import Dossier


def employee_dossier(request: UserRequest, uuid: UUID) -> Dossier:
    """The dossier of an employee; a company has no absence, so 404."""
    dossier = dossier_for(request, uuid)
    if dossier.is_company:
        raise Http404
    return dossier


def report_for(request: UserRequest, uuid: UUID) -> tuple[Trajectory, Dossier]:
    """A report of one of the user's employers, and its dossier; anybody else's is a 404."""
    report = Trajectory.objects.visible_to(request.user).with_course().filter(uuid=uuid).first()
    if report is None:
        refuse_report(by=request.user, uuid=uuid)
        raise Http404
    return report, dossier_for(request, report.dossier.uuid)


def report_in(
    request: UserRequest, uuid: UUID, trajectory_uuid: UUID
) -> tuple[Dossier, Trajectory]:
    """A dossier whose documents are looked at, and one of its reports.

    Raises Http404 for a report of another dossier, also of one of the user's own.
    """
    dossier = dossier_for(request, uuid, action=Action.DOCUMENT_LIST)
    reports = Trajectory.objects.visible_to(request.user).filter(dossier=dossier)
    report = get_object_or_404(reports, uuid=trajectory_uuid)
    report.dossier, report.employer = dossier, dossier.employer  # read already
    return dossier, report
