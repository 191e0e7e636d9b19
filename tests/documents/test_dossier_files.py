"""The tab Trajectendossier: what lies in it, newest first, and what the case manager wrote."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from absence.models import Trajectory
from accounts.models import AuditEvent, User
from documents.models import BenefitStatement, CaseNote, Document
from dossiers.models import Dossier
from tests.accounts.steps import give_code, give_password
from tests.factories import make_document
from tests.login import login, totp_code

MOMENT = datetime(2026, 11, 3, 9, tzinfo=UTC)


def address(dossier: Dossier) -> str:
    return reverse("documents:dossier-files", args=[dossier.uuid])


def make_documents(trajectory: Trajectory, user: User, count: int) -> list[Document]:
    """Documents a minute apart, oldest first: "nummer 1.pdf", "nummer 2.pdf"."""
    return [
        make_document(
            trajectory.dossier,
            trajectory=trajectory,
            added_by=user,
            name=f"nummer {number}.pdf",
            added_at=MOMENT + timedelta(minutes=number),
        )
        for number in range(1, count + 1)
    ]


def make_note(trajectory: Trajectory, by: User, **fields: Any) -> CaseNote:
    return CaseNote.objects.create(
        employer=trajectory.employer,
        dossier=trajectory.dossier,
        trajectory=trajectory,
        written_by=by,
        **({"text": "Vier uur per dag."} | fields),
    )


def make_statement(company_dossier: Dossier, month: date, by: User, **fields: Any) -> Document:
    policy = company_dossier.employer.policies.get()
    document = make_document(
        company_dossier,
        folder=Document.Folder.STATEMENT,
        source=Document.Source.INCOMFORT,
        added_by=by,
        **fields,
    )
    BenefitStatement.objects.create(
        employer=policy.employer, policy=policy, month=month, document=document, published_by=by
    )
    return document


def names_on(page: Any) -> list[str]:
    return [document.name for document in page.context["documents"]]


def test_it_shows_documents_newest_first(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    first, second = make_documents(trajectory, anna, 2)
    report = make_document(
        trajectory.dossier,
        trajectory=trajectory,
        added_by=hugo,
        source=Document.Source.HCS,
        folder=Document.Folder.CONSULTATION_REPORT,
        name="Spreekuur november.pdf",
        added_at=MOMENT + timedelta(days=2),
    )
    login(client, anna)

    page = client.get(address(trajectory.dossier))

    assert names_on(page) == [report.name, second.name, first.name]
    text = page.content.decode()
    assert "Geïmporteerde documenten" in text
    for shown in ("Spreekuurverslag", "van HCS", "05-11-2026", "02-11-2026", str(anna)):
        assert shown in text
    assert report.get_absolute_url() in text
    assert reverse("documents:upload", args=[trajectory.dossier.uuid]) in text


def test_an_empty_one_says_what_will_come(client: Client, anna: User, dossier: Dossier) -> None:
    login(client, anna)

    text = client.get(address(dossier)).content.decode()

    assert "Nog geen documenten" in text
    assert "Overzichtsdocumenten" in text
    assert "HCS heeft hier nog niets geplaatst" in text


def test_a_report_with_notes_has_an_overview(
    client: Client, anna: User, hugo: User, trajectory: Trajectory
) -> None:
    make_note(trajectory, hugo, written_at=MOMENT)
    make_note(trajectory, hugo, written_at=MOMENT + timedelta(days=7))
    login(client, anna)

    text = client.get(address(trajectory.dossier)).content.decode()

    overview = reverse("documents:overview-pb", args=[trajectory.dossier.uuid, trajectory.uuid])
    assert text.count(overview) == 1
    assert "Overzicht PB" in text
    assert "10-11-2026" in text
    assert "HCS heeft hier nog niets geplaatst" not in text
    assert "Vier uur" not in text


def test_the_company_dossier_lists_the_statements(
    client: Client, anna: User, ilse: User, company_dossier: Dossier
) -> None:
    for number, month in enumerate([date(2026, 9, 1), date(2026, 10, 1)]):
        make_statement(
            company_dossier,
            month,
            ilse,
            name=f"Uitkeringsspecificatie {month:%m}.pdf",
            added_at=MOMENT + timedelta(days=number),
        )
    login(client, anna)

    page = client.get(address(company_dossier))

    assert names_on(page) == ["Uitkeringsspecificatie 10.pdf", "Uitkeringsspecificatie 09.pdf"]
    text = page.content.decode()
    assert company_dossier.employer.policies.get().number in text
    assert "Overzichtsdocumenten" not in text
    assert reverse("documents:upload", args=[company_dossier.uuid]) not in text


def test_an_empty_company_dossier_says_who_gets_an_email(
    client: Client, anna: User, company_dossier: Dossier
) -> None:
    login(client, anna)

    assert "Nog geen uitkeringsspecificaties" in client.get(address(company_dossier)).text


def test_more_come_page_by_page(client: Client, anna: User, trajectory: Trajectory) -> None:
    documents = make_documents(trajectory, anna, 45)
    expected = [document.name for document in reversed(documents)]
    login(client, anna)

    shown: list[str] = []
    page = client.get(address(trajectory.dossier))
    shown += names_on(page)
    while page.context["has_more"]:
        last = page.context["documents"][-1].uuid
        assert f"?na={last}" in page.text
        page = client.get(address(trajectory.dossier), {"na": last})
        shown += names_on(page)

    assert shown == expected
    assert "Terug naar het begin" in page.text


def test_documents_of_the_same_moment_are_all_shown(
    client: Client, anna: User, trajectory: Trajectory
) -> None:
    for document in make_documents(trajectory, anna, 25):
        Document.objects.filter(pk=document.pk).update(added_at=MOMENT)
    login(client, anna)

    page = client.get(address(trajectory.dossier))
    rest = client.get(address(trajectory.dossier), {"na": page.context["documents"][-1].uuid})

    assert len({*names_on(page), *names_on(rest)}) == 25


@pytest.mark.parametrize("after", ["abc", str(UUID(int=7)), "1 or 1=1", "\0", "é" * 300])
def test_a_made_up_place_in_the_list_is_not_found(
    client: Client, anna: User, dossier: Dossier, after: str
) -> None:
    login(client, anna)

    assert client.get(address(dossier), {"na": after}).status_code == 404


def test_a_place_in_another_dossier_is_not_found(
    client: Client, anna: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    foreign = make_document(foreign_trajectory.dossier, trajectory=foreign_trajectory)
    login(client, anna)

    assert client.get(address(trajectory.dossier), {"na": foreign.uuid}).status_code == 404


def test_a_view_is_recorded(client: Client, anna: User, dossier: Dossier) -> None:
    login(client, anna)
    client.get(address(dossier))

    event = AuditEvent.objects.get(action="document.list")
    assert (event.actor, event.dossier_uuid, event.outcome) == (anna, dossier.uuid, "OK")


@pytest.mark.parametrize("person", ["bram", "ilse", "hugo"])
def test_others_find_nothing(
    client: Client, dossier: Dossier, person: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(person)
    login(client, user)

    refused = client.get(address(dossier))

    assert refused.status_code == 404
    assert AuditEvent.objects.get(action="access.denied").actor == user
    unknown = client.get(reverse("documents:dossier-files", args=[uuid4()]))
    assert unknown.status_code == 404
    assert AuditEvent.objects.filter(action="access.denied").count() == 1


def test_bram_sees_his_own_only(
    client: Client, anna: User, bram: User, trajectory: Trajectory, foreign_trajectory: Trajectory
) -> None:
    make_documents(trajectory, anna, 2)
    own = make_documents(foreign_trajectory, bram, 1)
    login(client, bram)

    assert names_on(client.get(address(foreign_trajectory.dossier))) == [own[0].name]


def test_nobody_is_sent_to_the_login(client: Client, dossier: Dossier) -> None:
    response = client.get(address(dossier))

    assert response.status_code == 302
    assert response.url.startswith(reverse("accounts:login"))


def test_the_link_of_the_email_survives_the_login(
    client: Client, anna: User, company_dossier: Dossier
) -> None:
    device = login(client, anna)
    client.logout()

    to_login = client.get(address(company_dossier))
    give_password(client, anna, path=to_login.url)
    landed = give_code(client, totp_code(device))

    assert landed.url == address(company_dossier)
    assert client.get(landed.url).status_code == 200


def test_names_are_text(client: Client, anna: User, trajectory: Trajectory) -> None:
    make_document(
        trajectory.dossier, trajectory=trajectory, added_by=anna, name="<img src=x>" + "a" * 139
    )
    login(client, anna)

    text = client.get(address(trajectory.dossier)).text

    assert "<img src=x>" not in text
    assert "&lt;img src=x&gt;" in text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_for_reading_only(client: Client, anna: User, dossier: Dossier, method: str) -> None:
    login(client, anna)

    assert getattr(client, method)(address(dossier)).status_code == 405


@pytest.mark.parametrize("count", [3, 60])
def test_the_number_of_queries_does_not_grow(
    client: Client,
    anna: User,
    hugo: User,
    trajectory: Trajectory,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    make_documents(trajectory, anna, count)
    for _ in range(count):
        make_note(trajectory, hugo)
    login(client, anna)

    # Session, user, device, dossier, event (2), menu; documents, overviews.
    with django_assert_max_num_queries(9):
        assert client.get(address(trajectory.dossier)).status_code == 200
