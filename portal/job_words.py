"""What the worker does and what went wrong, in words for staff: by name of task, by kind of error.

An error that is not here is for who runs the portal: its kind, and where to look.
"""

TASKS = {
    "absence.tasks.send_digest": "Weekoverzicht versturen",
    "absence.tasks.send_digests": "Weekoverzichten klaarzetten",
    "accounts.delivery.send_message": "E-mail of sms versturen",
    "accounts.tasks.send_password_link": "Link voor een nieuw wachtwoord versturen",
    "accounts.tasks.send_username": "Gebruikersnaam versturen",
    "accounts.tasks.store_receipt": "Afleverbewijs van een sms verwerken",
    "accounts.tasks.tidy": "Verlopen gegevens opruimen",
    "documents.case_notes.jobs.make_overview": "Overzicht PB maken",
    "documents.case_notes.jobs.make_waiting_overviews": "Overzichten PB klaarzetten",
    "documents.casefile.jobs.make_casefile": "Inspectiedossier maken",
    "documents.casefile.jobs.tidy_casefiles": "Verlopen inspectiedossiers opruimen",
    "documents.file_jobs.take_out_left_files": "Bestanden zonder document weghalen",
    "documents.requests.jobs.send_reminder": "Herinnering aan documenten versturen",
    "documents.requests.jobs.send_reminders": "Herinneringen aan documenten klaarzetten",
    "documents.scan_jobs.scan_document": "Document controleren op virussen",
    "documents.scan_jobs.scan_waiting": "Wachtende documenten controleren",
    "documents.statements.jobs.publish": "Uitkeringsspecificatie plaatsen",
    "dossiers.tasks.refresh_in_service": "Zoekgegevens bijwerken",
    "portal.tasks.remove_done_jobs": "Oude opdrachten opruimen",
    "portal.tasks.retry_stalled_jobs": "Afgebroken opdrachten hervatten",
}

STATES = {
    "todo": "In de wachtrij",
    "doing": "Bezig",
    "failed": "Mislukt",
    "succeeded": "Gelukt",
    "cancelled": "Vervallen",
    "aborted": "Vervallen",
}

DATABASE = "De database antwoordde niet."
STORE = "De bestandsopslag antwoordde niet, of het bestand is er niet."
CONNECTION = "Een andere dienst (e-mail, sms of virusscanner) antwoordde niet."
CHANGED = "De gegevens zijn intussen anders, waardoor dit niet meer kan."
GONE = "Waar dit over gaat, bestaat niet meer."
FORBIDDEN = "Wie dit vroeg, mag dit niet of niet meer."
UNKNOWN_TASK = "Deze versie van het portaal kent dit soort opdracht niet."
NOT_KEPT = "Niet vastgelegd."

ERRORS = {
    "OperationalError": DATABASE,
    "InterfaceError": DATABASE,
    "StorageError": STORE,
    "FileMissingError": STORE,
    "AlteredError": "Het bestand is niet meer zoals het is opgeslagen.",
    "ScannerError": CONNECTION,
    "ScannerDownError": CONNECTION,
    "ConnectionRefusedError": CONNECTION,
    "ConnectionResetError": CONNECTION,
    "TimeoutError": CONNECTION,
    "OSError": CONNECTION,
    "gaierror": CONNECTION,
    "SMTPException": CONNECTION,
    "SMTPConnectError": CONNECTION,
    "SMTPServerDisconnected": CONNECTION,
    "SMTPDataError": "De mailserver weigerde de e-mail.",
    "SMTPRecipientsRefused": "De mailserver weigerde het e-mailadres.",
    "ValidationError": CHANGED,
    "IntegrityError": CHANGED,
    "DoesNotExist": GONE,
    "ObjectDoesNotExist": GONE,
    "PermissionDenied": FORBIDDEN,
    "TaskNotFound": UNKNOWN_TASK,
    "UnknownMessageError": "Het afleverbewijs hoort bij een bericht dat het portaal niet kent.",
}


def task_in_words(task_name: str) -> str:
    return TASKS.get(task_name, "Ander werk van het portaal")


def error_in_words(kind: str | None) -> str:
    """`kind` is the class of the last error; nothing when it was not kept."""
    if not kind:
        return NOT_KEPT
    return ERRORS.get(kind, f"Onverwachte fout ({kind}): vraag de technisch beheerder te kijken.")
