"""What each column holds and when it is wiped: every field of every model is in this table.

A new field fails here until somebody has said what it is. Source: rulebook 1.1, 1.5, 1.6 (what may
be kept, and how long); security.md 2.7 (what is sealed).
"""

from dataclasses import dataclass, fields

import pytest
from django.apps import apps
from django.db import models

from accounts.sealed import SealedTextField
from tests.project import source

# When the rows of a model go.
FILE = (
    "ZW-ERD: 5 years from 1 January after the last act on the dossier; "
    "other policies: 2 years after the employment"
)
FISCAL = "7 years after the month"
CONTRACT = "7 years after the last policy ended"
ACCOUNT = "with the user, when no dossier or log line names the user any more"
LOG = "after 5 years"
LINK = "30 days after it expired"
MESSAGE = (
    "text: once sent or given up, of a failed e-mail that staff can send again after 30 days;"
    " the rest: after 5 years, with the log"
)
SHORT = "when it expires, within a day"
REQUEST = "30 days after it was dealt with; 180 days after it came in"
WEEK = "7 days after it was made; its dossier goes later"
NEVER = "a list of words: it is about nobody"


@dataclass(frozen=True)
class Row:
    """One model: when its rows are wiped, and its fields by what they hold (names in one string).

    `health`: with a person's name beside it, a fact about health (AVG art. 4(15), 9).
    `personal`: points at a person, or says something about one.
    `secret`: gives access, or identifies a person for life: sealed or hashed at rest.
    `plain`: neither by itself: keys, states, moments, facts about a company.
    """

    wiped: str
    plain: str = ""
    personal: str = ""
    health: str = ""
    secret: str = ""

    def all(self) -> list[str]:
        columns = [field.name for field in fields(self) if field.name != "wiped"]
        return [name for column in columns for name in getattr(self, column).split()]


DEVICE = (
    "id name confirmed throttling_failure_timestamp throttling_failure_count created_at"
    " last_used_at"
)
TABLE = {
    "accounts.Employer": Row(
        CONTRACT, plain="id uuid name kvk_number payroll_tax_number created_at", personal="contact"
    ),
    "accounts.Policy": Row(CONTRACT, plain="id employer number product starts_on ends_on"),
    "accounts.Membership": Row(ACCOUNT, plain="id uuid employer role created_at", personal="user"),
    "accounts.AccessOffer": Row(
        f"names and address: once accepted or off the list; the rest: {ACCOUNT}",
        plain="id uuid employer role state state_at created_at expires_at",
        personal="user username first_name last_name email made_by",
    ),
    "accounts.StandIn": Row(
        LOG,
        plain="id uuid employer role starts_on ends_on created_at ended_at",
        personal="user given_by ended_by",
    ),
    "accounts.User": Row(
        ACCOUNT,
        plain="id is_superuser is_staff is_active date_joined state state_at security_epoch"
        " digest_since groups user_permissions",
        personal="username first_name last_name email last_login",
        secret="password",
    ),
    "accounts.AccessRequest": Row(
        REQUEST,
        plain="id submission received_at state taken_at outcome handled_at",
        personal="company_name policy_number salutation initials surname email mobile"
        " taken_by handled_by",
    ),
    "accounts.AccountRecovery": Row(
        LOG,
        plain="id requested_at expires_at state decided_at",
        personal="user evidence requested_by decided_by reason",
        secret="called_number address_hash",
    ),
    "accounts.OneTimeLink": Row(
        LINK,
        plain="id purpose message binding created_at expires_at opened_at used_at revoked_at",
        personal="user created_by withdrawn_by",
        secret="digest sent_to_hash new_address",
    ),
    "accounts.SmsDevice": Row(
        ACCOUNT,
        plain=f"{DEVICE} valid_until challenge tries sent_at message",
        personal="user",
        secret="number code_hash",
    ),
    "accounts.TotpDevice": Row(ACCOUNT, plain=f"{DEVICE} last_t", personal="user", secret="key"),
    "accounts.PasskeyDevice": Row(
        ACCOUNT,
        # A public key and its number: with them somebody can be checked, not imitated.
        plain=f"{DEVICE.replace(' name', '')} credential_type credential_id credential_id_sha256"
        " public_key transports sign_count backup_eligible backup_state discoverable copied_at",
        personal="user name aaguid",
    ),
    "accounts.BackupCodeDevice": Row(
        ACCOUNT, plain=f"{DEVICE} used_at", personal="user", secret="code_hash"
    ),
    "accounts.Session": Row(
        SHORT,
        plain="session_data expire_date created_at seen_at",
        personal="user browser network",
        secret="session_key",
    ),
    "accounts.Bucket": Row(SHORT, plain="tokens at", secret="key"),
    "accounts.OutgoingMessage": Row(
        MESSAGE,
        plain="id channel purpose subject state attempts provider_id error"
        " created_at expires_at sent_at delivery provider_status delivered_at code_used_at"
        " is_repeatable",
        secret="recipient text",
    ),
    "accounts.JobError": Row("within minutes once the job went well", plain="job_id kind"),
    "accounts.SmsStop": Row(LOG, plain="id reason stopped_at reopened_at", personal="reopened_by"),
    "accounts.AuditEvent": Row(
        LOG,
        plain="id at action outcome actor_role employer object_type object_id request_id detail",
        personal="actor dossier_uuid ip session_ref",
    ),
    "dossiers.Dossier": Row(FILE, plain="id employer kind created_at", personal="uuid"),
    "dossiers.Employee": Row(
        FILE,
        plain="id employer created_at submission",
        personal="dossier surname prefixes first_name initials gender postcode street house_number"
        " house_number_addition city mobile email created_by nursing_postcode nursing_street"
        " nursing_house_number nursing_house_number_addition nursing_city",
        # A work disability, now or once; the days for which somebody is nursed elsewhere.
        health="has_no_risk nursing_from nursing_until",
        secret="bsn bsn_index iban",
    ),
    "dossiers.Employment": Row(
        FILE,
        plain="id uuid employer",
        personal="employee started_on ended_on job_title type",
    ),
    "dossiers.EmployeeChange": Row(
        FILE,
        plain="id employer changed_at field",
        personal="employee changed_by",
        secret="old new",
    ),
    "dossiers.Merge": Row(
        FILE,
        plain="id employer moved merged_at added_at",
        personal="kept old_uuid added_by merged_by",
        secret="iban",
    ),
    "dossiers.EmploymentType": Row(NEVER, plain="id code label position is_active"),
    "dossiers.SearchKey": Row(
        FILE, plain="id employer match covered in_service", personal="dossier key"
    ),
    "absence.Classification": Row(
        NEVER, plain="id code label help_text position is_active employers"
    ),
    "absence.Trajectory": Row(
        FILE,
        plain="id uuid employer submission reported_at recovery_recorded_at taken_up_at"
        " withdrawn_at",
        personal="dossier employee employment reported_by recovered_by withdrawn_by",
        health="classification first_sick_day recovered_on",
    ),
    "absence.RecoveryMessage": Row(
        FILE,
        plain="id employer state outcome sent_at received_at processed_at submission",
        personal="trajectory sent_by received_by processed_by",
        health="fit_from percentage",
    ),
    "absence.ReportVersion": Row(
        FILE,
        plain="id employer kind made_at",
        personal="trajectory made_by",
        health="first_sick_day classification percentage",
    ),
    "absence.CorrectionRequest": Row(
        FILE,
        plain="id employer is_granted asked_at decided_at submission",
        personal="trajectory asked_by decided_by explanation answer",
        health="first_sick_day classification percentage",
    ),
    "absence.WeeklyDigest": Row(ACCOUNT, plain="id monday is_sent made_at", personal="user"),
    "absence.MilestoneMark": Row(
        FILE,
        plain="id employer key marked_at",
        personal="trajectory marked_by",
        health="done_on deviation",
    ),
    "absence.Incapacity": Row(
        FILE,
        plain="id employer recorded_at superseded_at",
        personal="trajectory recorded_by",
        health="effective_on percentage",
    ),
    "documents.Document": Row(
        FILE,
        plain="id uuid employer source type size sha256 added_at submission"
        " state refusal judged_at taken_up_at withdrawn_at replaced_by",
        personal="dossier trajectory name added_by withdrawn_by",
        health="folder file",
    ),
    "documents.LeftFile": Row("with the file, within minutes", plain="id left_at", personal="key"),
    "documents.CaseNote": Row(
        FILE,
        plain="id uuid employer written_at submission",
        personal="dossier trajectory written_by",
        health="kind text",
    ),
    "documents.RequestPurpose": Row(NEVER, plain="id code text position is_active"),
    "documents.DocumentRequest": Row(
        FILE,
        plain="id uuid employer purpose due_on asked_at submission",
        personal="dossier trajectory asked_by",
    ),
    "documents.RequestItem": Row(
        FILE,
        plain="id uuid employer request folder month state refusal answered_at settled_at",
        personal="trajectory settled_by",
    ),
    "documents.RequestAnswer": Row(
        FILE,
        plain="id employer item given_at is_accepted refusal decided_at",
        personal="document given_by decided_by",
    ),
    "documents.RequestEmail": Row(FILE, plain="id employer request step day is_sent made_at"),
    "documents.OverviewPb": Row(
        FILE,
        plain="id employer turn asked_at made_at basis",
        personal="dossier trajectory",
        health="pdf",
    ),
    "documents.Casefile": Row(
        WEEK,
        plain="id employer asked_at made_at documents",
        personal="dossier trajectory asked_by",
        health="pdf",
    ),
    "documents.BenefitStatement": Row(
        FISCAL, plain="id uuid employer policy month document published_at", personal="published_by"
    ),
    "documents.MaximumDailyWage": Row(NEVER, plain="id from_day amount"),
    "documents.PolicyCover": Row(
        CONTRACT, plain="id policy percentage waiting_days", secret="iban"
    ),
    "documents.StatementRun": Row(
        FISCAL,
        plain="id month row_count imported_at confirmed_at",
        personal="imported_by confirmed_by",
    ),
    "documents.StatementSheet": Row(
        FISCAL, plain="id run employer policy total facts pay_by statement"
    ),
    "documents.StatementLine": Row(
        FILE,
        plain="id sheet employer kind corrected_month maximum",
        personal="trajectory daily_wage income day_gross gross deduction supplement charges"
        " correction total",
        health="reasons first_sick_day first_day last_day percentage days waiting_days",
    ),
}
# Sealed without being a secret: the case manager's words about a person.
SEALED_HEALTH = {"documents.CaseNote.text"}
# Compared, never read: what lies there is a keyed hash, or Argon2 of a password.
HASHED = {
    "accounts.User.password",
    "accounts.OneTimeLink.digest",
    "accounts.AccountRecovery.address_hash",
    "accounts.OneTimeLink.sent_to_hash",
    "accounts.SmsDevice.code_hash",
    "accounts.BackupCodeDevice.code_hash",
    "accounts.Bucket.key",
    "dossiers.Employee.bsn_index",
    # A random key, kept as it is: it works only for as long as the session lasts.
    "accounts.Session.session_key",
}


def our_models() -> list[type[models.Model]]:
    """Those with columns of their own: a proxy looks at another model's."""
    ours = [model for model in apps.get_models() if model.__module__.split(".")[0] in source.APPS]
    return [model for model in ours if not model._meta.proxy]


def columns(model: type[models.Model]) -> dict[str, models.Field]:
    both = [*model._meta.concrete_fields, *model._meta.local_many_to_many]
    return {field.name: field for field in both}


def named(column: str) -> dict[str, models.Field]:
    """Every field that the table puts in this column, by its full name."""
    return {
        f"{label}.{name}": columns(apps.get_model(label))[name]
        for label, row in TABLE.items()
        for name in getattr(row, column).split()
    }


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_field_has_one_class(model: type[models.Model]) -> None:
    assert model._meta.label in TABLE, "say in the table what this model holds and when it goes"
    listed = TABLE[model._meta.label].all()

    assert set(columns(model)) - set(listed) == set(), "say what these fields hold"
    assert set(listed) - set(columns(model)) == set(), "these fields are gone"
    assert len(listed) == len(set(listed)), "a field is there twice"


def test_the_table_names_no_model_that_is_gone() -> None:
    assert set(TABLE) == {model._meta.label for model in our_models()}


def test_every_secret_is_sealed_or_hashed() -> None:
    readable = {
        name
        for name, field in named("secret").items()
        if name not in HASHED and not isinstance(field, SealedTextField)
    }

    assert readable == set()


def test_free_text_is_sealed_and_there_is_no_other_free_text_about_health() -> None:
    """No open field about the illness; the case manager's note is the one exception (P1)."""
    sealed = {name for name, field in named("health").items() if isinstance(field, SealedTextField)}
    open_text = {
        name
        for name, field in named("health").items()
        if isinstance(field, models.TextField | models.JSONField)
        or (isinstance(field, models.CharField) and not field.choices)
    }

    assert sealed == SEALED_HEALTH
    assert open_text - {"documents.Document.file"} == set()


def test_what_is_about_health_belongs_to_an_employer_and_goes_in_time() -> None:
    for label, row in TABLE.items():
        if row.health:
            assert "employer" in columns(apps.get_model(label)), f"{label} cannot be scoped"
            assert row.wiped in {FILE, WEEK}, f"{label} must go with its dossier"


def test_a_list_that_is_never_wiped_holds_nobody() -> None:
    for label, row in TABLE.items():
        if row.wiped == NEVER:
            assert not row.personal + row.health + row.secret, label


def test_the_log_holds_no_health_and_no_secret() -> None:
    row = TABLE["accounts.AuditEvent"]

    assert not row.health
    assert not row.secret
