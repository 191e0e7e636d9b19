"""The three employers with their policies, and everyone who can log in."""

import base64
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import Group

from accounts.models import (
    BackupCodeDevice,
    Employer,
    Membership,
    Policy,
    SmsDevice,
    TotpDevice,
    User,
)
from accounts.models.users import HCS_GROUP, INCOMFORT_GROUP
from dossiers.actions import open_company_dossier

PASSWORD = "demo-portaal-2026"  # noqa: S105 - of accounts that exist in the demo only
BACKUP_CODE = "22222-33333-44444-55555-66666"

BRUG = "Uitzendbureau De Brug B.V."
ZUID = "Flexwerk Zuid B.V."
HART = "Groene Hart Personeel B.V."


@dataclass(frozen=True)
class DemoEmployer:
    """An insured temp agency; `policies` are (number, product), running since 1 January 2024."""

    name: str
    kvk_number: str
    payroll_tax_number: str
    contact: str
    policies: tuple[tuple[str, Policy.Product], ...]


EMPLOYERS = [
    DemoEmployer(
        *(BRUG, "90000011", "999990019L01", "anna"),
        policies=(("ZW-2024-0117", Policy.Product.ZW_ERD),),
    ),
    DemoEmployer(
        *(ZUID, "90000022", "999990007L01", "bram"),
        policies=(("VZ-2024-0242", Policy.Product.VERZUIM),),
    ),
    DemoEmployer(
        *(HART, "90000033", "999990020L01", "cees"),
        policies=(
            ("ZW-2024-0308", Policy.Product.ZW_ERD),
            ("AZ-2024-0309", Policy.Product.AANVULLENDE_ZW),
        ),
    ),
]


@dataclass(frozen=True)
class DemoUser:
    """Someone who can log in. `employers` maps names to roles; staff have a group instead."""

    username: str
    first_name: str
    last_name: str
    employers: tuple[tuple[str, Membership.Role], ...] = ()
    group: str = ""
    mobile: str = ""
    totp_secret: str = ""  # base32, as an authenticator app takes it

    @property
    def role(self) -> str:
        return self.group or self.employers[0][1].label.lower()


USERS = [
    DemoUser(
        *("anna", "Anna", "de Boer"),
        employers=((BRUG, Membership.Role.BEHEERDER),),
        mobile="+31612340001",
        totp_secret="ANNA" * 8,
    ),
    DemoUser(
        *("bram", "Bram", "Peeters"),
        employers=((ZUID, Membership.Role.BEHEERDER),),
        mobile="+31612340002",
    ),
    DemoUser(
        *("cees", "Cees", "van Vliet"),
        employers=((HART, Membership.Role.GEBRUIKER),),
        totp_secret="CEES" * 8,
    ),
    DemoUser(
        *("fatma", "Fatma", "Arslan"),
        employers=((HART, Membership.Role.BEHEERDER), (BRUG, Membership.Role.GEBRUIKER)),
        mobile="+31612340004",
        totp_secret="FATM" * 8,
    ),
    DemoUser(*("ilse", "Ilse", "Vermeer"), group=INCOMFORT_GROUP, totp_secret="ILSE" * 8),
    DemoUser(*("iris", "Iris", "de Lange"), group=INCOMFORT_GROUP, totp_secret="IRIS" * 8),
    DemoUser(*("hugo", "Hugo", "Maas"), group=HCS_GROUP, totp_secret="HUGO" * 8),
]


def create_accounts() -> None:
    users = {person.username: create_user(person) for person in USERS}
    for demo_employer in EMPLOYERS:
        employer = _create_employer(demo_employer, users[demo_employer.contact])
        for person in USERS:
            for name, role in person.employers:
                if name == employer.name:
                    user = users[person.username]
                    Membership.objects.create(employer=employer, user=user, role=role)


def _create_employer(demo_employer: DemoEmployer, contact: User) -> Employer:
    employer = Employer.objects.create(
        name=demo_employer.name,
        kvk_number=demo_employer.kvk_number,
        payroll_tax_number=demo_employer.payroll_tax_number,
        contact=contact,
    )
    open_company_dossier(by=None, employer=employer)
    for number, product in demo_employer.policies:
        Policy.objects.create(
            employer=employer, number=number, product=product, starts_on=date(2024, 1, 1)
        )
    return employer


def create_user(person: DemoUser) -> User:
    user = User.objects.create_user(
        person.username,
        email=f"{person.username}@voorbeeld.test",
        password=PASSWORD,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=bool(person.group),
        state=User.State.ACTIVE,
    )
    if person.group:
        user.groups.add(Group.objects.get(name=person.group))
    if person.mobile:
        SmsDevice.objects.create(user=user, number=person.mobile)
    if person.totp_secret:
        TotpDevice.objects.create(user=user, key=base64.b32decode(person.totp_secret).hex())
    code_hash = BackupCodeDevice.hash_of(user.pk, BACKUP_CODE)
    BackupCodeDevice.objects.create(user=user, code_hash=code_hash)
    return user
