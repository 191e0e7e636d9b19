"""Writes the audit log: who did or saw what, when, for which employer and dossier.

Source: NEN 7513 (which event, when, which person, which user, on whose behalf, from where).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models

from accounts.models import AuditEvent, Employer
from accounts.origin import Origin as Origin
from accounts.origin import origin as origin

if TYPE_CHECKING:
    from accounts.models import User

Outcome = AuditEvent.Outcome


class Action(models.TextChoices):
    """Every kind of event, with the words in which it is shown."""

    LOGIN_PASSWORD = "login.password", "Wachtwoord ingevoerd"
    LOGIN_CODE = "login.code", "Code ingevoerd"
    LOGIN = "login", "Ingelogd"
    LOGIN_PASSKEY = "login.passkey", "Passkey gebruikt"
    LOGIN_BACKUP = "login.backup", "Back-up code gebruikt"
    LOGOUT = "logout", "Uitgelogd"
    SMS_SENT = "login.sms", "Sms-code verstuurd"
    SMS_STOPPED = "sms.stopped", "Versturen van sms-codes gestopt"
    SMS_REOPENED = "sms.reopened", "Versturen van sms-codes hervat"
    ACTIVATION = "account.activation", "Account geactiveerd"
    PASSWORD_ASKED = "account.password_asked", "Nieuw wachtwoord aangevraagd"
    USERNAME_ASKED = "account.username_asked", "Gebruikersnaam aangevraagd"
    PASSWORD_SET = "account.password", "Wachtwoord ingesteld"
    FACTOR_ADDED = "account.factor_added", "Tweede stap ingesteld"
    FACTOR_REMOVED = "account.factor_removed", "Tweede stap verwijderd"
    PASSKEY_COPIED = "account.passkey_copied", "Passkey mogelijk gekopieerd"
    CONFIRMED = "account.confirmed", "Bevestigd met wachtwoord en code"
    EMAIL_ASKED = "account.email_asked", "Nieuw e-mailadres opgegeven"
    EMAIL_CHANGED = "account.email", "E-mailadres gewijzigd"
    DIGEST_ON = "account.digest_on", "Weekoverzicht per e-mail aangezet"
    DIGEST_OFF = "account.digest_off", "Weekoverzicht per e-mail uitgezet"
    ACCOUNT_VIEW = "account.view", "Account bekeken"
    BACKUP_CREATED = "account.backup", "Back-up code gemaakt"
    BACKUP_RENEWED = "account.backup_renewed", "Back-up code vervangen"
    SESSION_ENDED = "account.session_ended", "In één browser uitgelogd"
    ACCESS_DENIED = "access.denied", "Toegang geweigerd"
    SEARCH = "dossier.search", "Dossiers gezocht"
    SEARCH_ALERT = "dossier.search_alert", "Opvallend vaak gezocht"
    DOSSIER_VIEW = "dossier.view", "Dossier bekeken"
    DOSSIER_OPEN = "dossier.open", "Bedrijfsdossier geopend"
    DOSSIER_MERGED = "dossier.merged", "Dossiers samengevoegd"
    EMPLOYEE_CREATE = "employee.create", "Werknemer toegevoegd"
    EMPLOYEE_CHANGE = "employee.change", "Werknemer gewijzigd"
    BSN_REVEAL = "employee.bsn", "Burgerservicenummer getoond"
    IBAN_REVEAL = "employee.iban", "IBAN van samengevoegd dossier getoond"
    EMPLOYMENT_ADD = "employment.add", "Dienstverband toegevoegd"
    EMPLOYMENT_END = "employment.end", "Dienstverband beëindigd"
    EMPLOYMENT_REOPEN = "employment.reopen", "Einddatum van dienstverband weggehaald"
    REPORT_LIST = "report.list", "Lijst van zieken bekeken"
    REPORT_EXPORT = "report.export", "Verzuimlijst gedownload"
    REPORT_CREATE = "report.create", "Verzuim gemeld"
    REPORT_PASTE = "report.paste", "Regels uit een blad gemeld"
    REPORT_TAKEN_UP = "report.taken_up", "Melding in behandeling genomen"
    REPORT_CORRECTED = "report.corrected", "Melding gecorrigeerd"
    REPORT_WITHDRAWN = "report.withdrawn", "Melding ingetrokken"
    CORRECTION_ASKED = "correction.asked", "Correctie gevraagd"
    CORRECTION_DECIDED = "correction.decided", "Over correctie besloten"
    CLASSIFICATIONS_LINKED = "classification.linked", "Verzuimclassificaties van werkgever gekozen"
    INCAPACITY_ADD = "incapacity.add", "AO-percentage vastgelegd"
    RECOVERY_RECORD = "recovery.record", "Herstel vastgelegd"
    RECOVERY_TOLD = "recovery.told", "Herstel doorgegeven aan HCS"
    RECOVERY_RECEIVED = "recovery.received", "Herstelbericht ontvangen"
    RECOVERY_PROCESSED = "recovery.processed", "Herstelbericht verwerkt"
    MILESTONE_MARK = "milestone.mark", "Mijlpaal afgevinkt"
    DOCUMENT_LIST = "document.list", "Documenten bekeken"
    DOCUMENT_UPLOAD = "document.upload", "Document toegevoegd"
    DOCUMENT_SCAN = "document.scan", "Document gecontroleerd op virussen"
    DOCUMENT_DOWNLOAD = "document.download", "Document gedownload"
    DOCUMENT_ZIP = "document.zip", "Documenten van een traject gedownload als ZIP"
    DOCUMENT_WITHDRAWN = "document.withdrawn", "Document ingetrokken"
    DOCUMENT_REPLACED = "document.replaced", "Document vervangen"
    DOCUMENT_TAKEN_UP = "document.taken_up", "Document in behandeling genomen"
    REQUEST_LIST = "document_request.list", "Gevraagde documenten bekeken"
    REQUEST_ASK = "document_request.asked", "Documenten gevraagd"
    REQUEST_ANSWER = "document_request.answered", "Gevraagd document aangeleverd"
    REQUEST_ACCEPT = "document_request.accepted", "Gevraagd document goedgekeurd"
    REQUEST_REFUSE = "document_request.refused", "Gevraagd document afgekeurd"
    REQUEST_DUE = "document_request.due", "Termijn van documentverzoek gewijzigd"
    REQUEST_WITHDRAW = "document_request.withdrawn", "Documentverzoek ingetrokken"
    CASE_NOTE_ADD = "case_note.add", "Notitie toegevoegd"
    OVERVIEW_PB_ASKED = "overview_pb.asked", "Overzicht PB laten maken"
    OVERVIEW_PB = "overview_pb.download", "Overzicht PB gedownload"
    CASEFILE_ASKED = "casefile.asked", "Inspectiedossier gevraagd"
    CASEFILE_MADE = "casefile.made", "Inspectiedossier gemaakt"
    CASEFILE_DOWNLOAD = "casefile.download", "Inspectiedossier gedownload"
    STATEMENT_PUBLISH = "statement.publish", "Uitkeringsspecificatie geplaatst"
    STATEMENT_LIST = "statement.list", "Uitkeringsspecificaties bekeken"
    STATEMENT_VIEW = "statement.view", "Uitkeringsspecificatie bekeken"
    STATEMENT_EXPORT = "statement.export", "Lijst van uitkeringen gedownload"
    STATEMENT_IMPORT = "statement.import", "Maand met uitkeringen ingelezen"
    STATEMENT_CONFIRM = "statement.confirm", "Maand met uitkeringen bevestigd"
    STATEMENT_DISCARD = "statement.discard", "Ingelezen maand weggegooid"
    ADMIN_VIEW = "admin.view", "Gegeven bekeken in beheer"
    ADMIN_LIST = "admin.list", "Lijst bekeken in beheer"
    ADMIN_SEARCH = "admin.search", "Gezocht in beheer"
    ADMIN_ADD = "admin.add", "Gegeven toegevoegd in beheer"
    ADMIN_CHANGE = "admin.change", "Gegeven gewijzigd in beheer"
    MESSAGES_RESENT = "messages.resent", "Mislukte e-mails opnieuw verstuurd"
    JOBS_RETRIED = "jobs.retried", "Mislukte opdrachten opnieuw geprobeerd"
    USER_INVITE = "user.invite", "Gebruiker uitgenodigd"
    INVITATION_WITHDRAWN = "user.invitation_withdrawn", "Uitnodiging ingetrokken"
    COLLEAGUES_VIEW = "colleagues.view", "Collega's bekeken"
    ROLE_CHANGED = "membership.role", "Rol bij werkgever gewijzigd"
    MEMBERSHIP_ADDED = "membership.added", "Toegang tot werkgever gegeven"
    MEMBERSHIP_ENDED = "membership.ended", "Toegang tot werkgever beëindigd"
    STAND_IN_GIVEN = "stand_in.given", "Vervanger aangewezen"
    STAND_IN_ENDED = "stand_in.ended", "Vervanging eerder beëindigd"
    OFFER_MADE = "access_offer.made", "Toegang aangeboden"
    OFFER_WITHDRAWN = "access_offer.withdrawn", "Aangeboden toegang ingetrokken"
    OFFER_ACCEPTED = "access_offer.accepted", "Aangeboden toegang aangenomen"
    OFFER_DECLINED = "access_offer.declined", "Aangeboden toegang afgewezen"
    ACCESS_ASKED = "access_request.asked", "Om toegang gevraagd"
    ACCESS_TAKEN = "access_request.taken", "Toegangsaanvraag in behandeling genomen"
    ACCESS_HANDLED = "access_request.handled", "Toegangsaanvraag afgehandeld"
    ACCOUNT_RECOVERY_ASKED = "account_recovery.asked", "Accountherstel aangevraagd"
    ACCOUNT_RECOVERY_APPROVED = "account_recovery.approved", "Accountherstel goedgekeurd"
    ACCOUNT_RECOVERY_REFUSED = "account_recovery.refused", "Accountherstel geweigerd"
    ACCOUNT_RECOVERY_WITHDRAWN = "account_recovery.withdrawn", "Accountherstel ingetrokken"
    ACCOUNT_RECOVERY_EXPIRED = "account_recovery.expired", "Accountherstel verlopen"
    SESSIONS_ENDED = "user.sessions_ended", "Gebruiker overal uitgelogd"


def session_ref(session_key: str | None) -> str:
    """Names a session in the log without being of use to open it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:16] if session_key else ""


def enter_session(session_key: str | None) -> None:
    """From here on this request's events belong to another session: it just got a new id."""
    origin.set(replace(origin.get(), session_ref=session_ref(session_key)))


def record(
    action: Action,
    *,
    by: "User | None",
    employer: Employer | None = None,
    dossier: Any = None,
    obj: models.Model | None = None,
    outcome: str = Outcome.OK,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Adds one event, in the current transaction.

    `dossier` is a dossier or its uuid. `detail` holds counts, ids and codes only: never a name,
    BSN, search term, code or token.
    """
    event = _event(action, by, employer, dossier, obj)
    event.outcome, event.detail = outcome, detail or {}
    event.save()
    return event


def unsaved(
    action: Action, *, by: "User", employer_id: int | None, detail: dict[str, Any]
) -> AuditEvent:
    """The event as `record` makes it, for who adds it together with something else."""
    event = _event(action, by, employer_id, None, None)
    event.detail = detail
    return event


def record_each(
    action: Action, *, by: "User", employer: Employer, about: Iterable[tuple[Any, models.Model]]
) -> None:
    """Adds one event for each pair of a dossier and an object, in one statement."""
    events = [_event(action, by, employer, dossier, obj) for dossier, obj in about]
    if len(events) == 1:
        events[0].save()  # for which the statement is there already
    else:
        AuditEvent.objects.bulk_create(events)


def _event(
    action: Action,
    by: "User | None",
    employer: Employer | int | None,
    dossier: Any,
    obj: models.Model | None,
) -> AuditEvent:
    source = origin.get()
    employer_id = employer.pk if isinstance(employer, Employer) else employer
    object_type, object_id = AuditEvent.reference(obj) if obj else ("", "")
    return AuditEvent(
        action=action.value,
        actor_id=by.pk if by else None,
        actor_role=_role(by, employer_id),
        employer_id=employer_id,
        dossier_uuid=dossier if isinstance(dossier, UUID) else getattr(dossier, "uuid", None),
        object_type=object_type,
        object_id=object_id,
        ip=source.ip,
        session_ref=source.session_ref,
        request_id=source.request_id,
    )


def _role(user: "User | None", employer_id: int | None) -> str:
    """In which capacity: hcs, incomfort, staff, a membership role; visitor (nobody is logged in)
    or system (the worker)."""
    if user is None or not user.pk:
        return "visitor" if origin.get().request_id else "system"
    if user.is_staff:
        return "hcs" if user.is_hcs else "incomfort" if user.is_incomfort else "staff"
    if employer_id is None:
        return "user"
    return user.roles.get(employer_id, "stranger").lower()
