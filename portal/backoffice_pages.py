"""What the back office offers, in the words of the task. Who sees which: by permission."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q

from absence.models import CorrectionRequest, RecoveryMessage, Trajectory
from accounts.models import (
    AccessRequest,
    AccountRecovery,
    ActivationLink,
    FailedJob,
    OutgoingMessage,
    SmsStop,
)
from documents.models import DocumentRequest, StatementRun


@dataclass(frozen=True)
class Page:
    """One entry of the index. Shown to who has `permission`; `menu` is its word in the menu."""

    label: str
    text: str
    route: str
    permission: str
    menu: str = ""
    count: Callable[[], int] | None = None  # how much work lies there...
    counted: str = ""  # ...of what


@dataclass(frozen=True)
class Section:
    title: str
    pages: tuple[Page, ...]


def open_trajectories() -> int:
    return Trajectory.objects.open().count()


def waiting_access_requests() -> int:
    return AccessRequest.objects.waiting().count()


def stuck_invitations() -> int:
    return ActivationLink.objects.needing_attention().count()


def open_recoveries() -> int:
    return AccountRecovery.objects.open().count()


def waiting_recovery_messages() -> int:
    return RecoveryMessage.objects.waiting().count()


def waiting_corrections() -> int:
    return CorrectionRequest.objects.waiting().count()


def failed_messages() -> int:
    """Given up by us, or by the provider that took them."""
    failed = Q(state=OutgoingMessage.State.FAILED)
    failed |= Q(delivery=OutgoingMessage.Delivery.FAILED)
    return OutgoingMessage.objects.filter(failed).count()


def failed_jobs() -> int:
    count: int = FailedJob.objects.waiting().count()
    return count


def unconfirmed_months() -> int:
    return StatementRun.objects.filter(confirmed_at=None).count()


def answered_requests() -> int:
    return DocumentRequest.objects.answered().count()


def active_stops() -> int:
    return SmsStop.objects.active().count()


INDEX = (
    Section(
        "Taken",
        (
            Page(
                "Verzuim begeleiden",
                "AO-percentage, herstel, notities, spreekuurverslagen en oproepbrieven.",
                "absence_trajectory_changelist",
                "absence.add_incapacity",
                count=open_trajectories,
                counted="open",
            ),
            Page(
                "Herstelberichten",
                "Werkgevers geven door dat iemand weer werkt; u legt het vast.",
                "absence_recoverymessage_changelist",
                "absence.view_recoverymessage",
                count=waiting_recovery_messages,
                counted="te doen",
                menu="Herstel",
            ),
            Page(
                "Correctieverzoeken",
                "Werkgevers vragen een melding te corrigeren of in te trekken.",
                "absence_correctionrequest_changelist",
                "absence.view_correctionrequest",
                count=waiting_corrections,
                counted="te doen",
                menu="Correcties",
            ),
            Page(
                "Documentverzoeken",
                "Beoordelen wat werkgevers aanleverden. Vragen doet u vanaf een melding.",
                "documents_documentrequest_changelist",
                "documents.view_documentrequest",
                count=answered_requests,
                counted="te beoordelen",
            ),
            Page(
                "Werkgever toevoegen",
                "Met de polissen; het bedrijfsdossier komt er vanzelf bij.",
                "accounts_employer_add",
                "accounts.add_employer",
            ),
            Page(
                "Gebruiker toevoegen",
                "De gebruiker krijgt een e-mail met een link om het account te activeren.",
                "accounts_user_add",
                "accounts.add_user",
            ),
            Page(
                "Toegangsaanvragen",
                "Wie geen e-mail kreeg om te activeren en om hulp vraagt.",
                "accounts_accessrequest_changelist",
                "accounts.view_accessrequest",
                count=waiting_access_requests,
                counted="te doen",
            ),
            Page(
                "Uitnodigingen volgen",
                "Wie zijn account nog niet heeft geactiveerd, en waar het blijft steken.",
                "accounts_activationlink_changelist",
                "accounts.view_activationlink",
                count=stuck_invitations,
                counted="vragen aandacht",
            ),
            Page(
                "Accountherstel",
                "Wie alles kwijt is: wat een collega aanvroeg, beoordeelt u.",
                "accounts_accountrecovery_changelist",
                "accounts.view_accountrecovery",
                count=open_recoveries,
                counted="te beoordelen",
            ),
            Page(
                "Maand met uitkeringen inlezen",
                "Uit Excel of CSV; controleren, bevestigen, en alle specificaties worden gemaakt.",
                "documents_statementrun_changelist",
                "documents.add_statementrun",
                count=unconfirmed_months,
                counted="te bevestigen",
            ),
            Page(
                "Uitkeringsspecificatie plaatsen",
                "In het bedrijfsdossier; de contactpersoon krijgt een e-mail.",
                "documents_benefitstatement_add",
                "documents.add_benefitstatement",
            ),
        ),
    ),
    Section(
        "Gegevens",
        (
            Page(
                "Werkgevers",
                "Met polissen en contactpersoon.",
                "accounts_employer_changelist",
                "accounts.view_employer",
                menu="Werkgevers",
            ),
            Page(
                "Polissen",
                "Zoeken op polisnummer.",
                "accounts_policy_changelist",
                "accounts.view_policy",
            ),
            Page(
                "Gebruikers",
                "Wie toegang heeft, en tot welke werkgever.",
                "accounts_user_changelist",
                "accounts.view_user",
                menu="Gebruikers",
            ),
            Page(
                "Werknemers",
                "Zoeken op achternaam.",
                "dossiers_employee_changelist",
                "dossiers.view_employee",
                menu="Werknemers",
            ),
            Page(
                "Verzuimmeldingen",
                "De open meldingen bovenaan.",
                "absence_trajectory_changelist",
                "absence.view_trajectory",
                menu="Verzuim",
            ),
            Page(
                "Documenten",
                "Wat er in de Trajectendossiers ligt.",
                "documents_document_changelist",
                "documents.view_document",
                menu="Documenten",
            ),
            Page(
                "Notities",
                "Wat in het Overzicht PB staat.",
                "documents_casenote_changelist",
                "documents.view_casenote",
            ),
            Page(
                "Uitkeringsspecificaties",
                "Per polis en maand.",
                "documents_benefitstatement_changelist",
                "documents.view_benefitstatement",
                menu="Uitkeringen",
            ),
        ),
    ),
    Section(
        "Keuzelijsten",
        (
            Page(
                "Verzuimclassificaties",
                "Waaruit de werkgever bij een melding kiest.",
                "absence_classification_changelist",
                "absence.view_classification",
            ),
            Page(
                "Doelen van documentverzoeken",
                "Waarvoor documenten worden gevraagd; de werkgever leest het.",
                "documents_requestpurpose_changelist",
                "documents.view_requestpurpose",
            ),
            Page(
                "Dekkingen",
                "Welk percentage een polis uitkeert, na hoeveel wachtdagen.",
                "documents_policycover_changelist",
                "documents.view_policycover",
            ),
            Page(
                "Maximumdaglonen",
                "Wijzigen per 1 januari en 1 juli.",
                "documents_maximumdailywage_changelist",
                "documents.view_maximumdailywage",
            ),
            Page(
                "Typen dienstverband",
                "Waaruit de werkgever bij een werknemer kiest.",
                "dossiers_employmenttype_changelist",
                "dossiers.view_employmenttype",
            ),
        ),
    ),
    Section(
        "Toezicht",
        (
            Page(
                "Wat wacht",
                "Controles, plaatsen, berichten en verzoeken; wat mislukt is, probeert u opnieuw.",
                "accounts_failedjob_changelist",
                "accounts.view_failedjob",
                count=failed_jobs,
                counted="mislukt",
            ),
            Page(
                "Uitgaande berichten",
                "Welke e-mails en sms-berichten zijn verzonden of mislukt.",
                "accounts_outgoingmessage_changelist",
                "accounts.view_outgoingmessage",
                count=failed_messages,
                counted="mislukt",
            ),
            Page(
                "Sms-stops",
                "Of het versturen van sms-codes is gestopt, en waarom.",
                "accounts_smsstop_changelist",
                "accounts.view_smsstop",
                count=active_stops,
                counted="nu gestopt",
            ),
            Page(
                "Logboek",
                "Wie wat heeft bekeken of gewijzigd.",
                "accounts_auditevent_changelist",
                "accounts.view_auditevent",
            ),
        ),
    ),
)
