"""The screen on which a month of benefits is read in: every mistake in words, nothing kept."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from absence.models import Trajectory
from accounts.models import Policy, User
from documents.models import PolicyCover, StatementRun, StatementSheet
from documents.statements.actions import confirm_run
from tests.factories import make_employee, make_trajectory

pytestmark = pytest.mark.django_db

PAGE = "/beheer/documents/statementrun/"
HEADS = "Polisnummer;Meldingsnummer;Van;Tot en met;Dagloon"
MONTH = "2026-03-01"


@pytest.fixture(autouse=True)
def _today(time_machine: Any) -> None:
    time_machine.move_to("2026-04-02T12:00:00+02:00")


@pytest.fixture
def policy(anna: User) -> Policy:
    policy = anna.memberships.get().employer.policies.get()
    PolicyCover.objects.create(policy=policy, percentage=70, waiting_days=2)
    return policy


@pytest.fixture
def report(policy: Policy) -> Trajectory:
    employee = make_employee(policy.employer, ended_on="2026-02-10")
    return make_trajectory(employee, first_sick_day="2026-01-05")


def line(policy: Policy, report: Trajectory, wage: str = "120,00") -> str:
    return f"{policy.number};{report.number};01-03-2026;31-03-2026;{wage}"


def read_in(client: Client, *lines: str, encoding: str = "utf-8") -> Any:
    file = SimpleUploadedFile("maand.csv", "\r\n".join([HEADS, *lines]).encode(encoding))
    return client.post(f"{PAGE}add/", {"month": MONTH, "rows": file}, follow=True)


def test_each_row_with_a_mistake_is_named_and_nothing_is_kept(
    as_ilse: Client, policy: Policy, report: Trajectory
) -> None:
    response = read_in(
        as_ilse,
        line(policy, report),
        line(policy, report),
        line(policy, report, "1.234"),
        f"<script>;{report.number};01-03-2026;31-03-2026;1,00",
        f"{policy.number};=A1;01-03-2026;31-03-2026;1,00",
    )

    for words in (
        "Regel 3: Dubbel: regel 2 gaat over dezelfde werknemer en periode.",
        "Regel 4: Dagloon 1.234 is dubbelzinnig; schrijf 1234,00.",
        "Regel 5: Polisnummer &lt;script&gt; is niet bekend.",
        "Regel 6: Meldingsnummer: schrijf bijvoorbeeld ZM-000123.",
    ):
        assert words in response.text
    assert "Regel 2:" not in response.text
    assert not StatementRun.objects.exists()


def test_a_file_in_the_wrong_encoding_is_refused_as_a_whole(
    as_ilse: Client, policy: Policy, report: Trajectory
) -> None:
    response = read_in(as_ilse, line(policy, report), encoding="utf-16")

    assert "Sla het in Excel op als CSV UTF-8." in response.text
    assert not StatementRun.objects.exists()


def test_100_000_rows_are_refused_with_how_many_may_be(
    as_ilse: Client, policy: Policy, report: Trajectory
) -> None:
    response = read_in(as_ilse, *[line(policy, report)[:40]] * 100_000)

    assert "ten hoogste 10.000 regels" in response.text
    assert not StatementRun.objects.exists()


def test_the_second_who_confirms_reads_that_it_was_done(
    as_ilse: Client, ilse: User, policy: Policy, report: Trajectory
) -> None:
    assert "Ingelezen:" in read_in(as_ilse, line(policy, report, "1.234,56")).text
    run = StatementRun.objects.get()
    assert "Bevestigen en plaatsen" in as_ilse.get(f"{PAGE}{run.pk}/bevestigen/").text
    confirm_run(by=ilse, run=run)

    for act in ("bevestigen", "weggooien"):
        assert "Deze maand is al bevestigd." in as_ilse.post(f"{PAGE}{run.pk}/{act}/").text
    assert StatementSheet.objects.count() == 1
