"""What the portal knows of somebody who asks for access, for staff to compare. Decides nothing."""

import re
import unicodedata
from dataclasses import dataclass

from django.db.models import F, Func, QuerySet, Value
from django.db.models.functions import Upper

from accounts.models import AccessRequest, Policy, User

SEPARATORS = r"[ ./-]"
# Not part of a company's name: how it was founded.
LEGAL_FORMS = re.compile(r"\b(b ?v|n ?v|v ?o ?f|holding|groep)\b")


@dataclass(frozen=True, slots=True)
class Match:
    """The policy with the number typed, whose name it is, and the accounts it could be about."""

    policy: Policy | None
    is_same_company: bool
    account: User | None  # with the address that was typed; of staff as well
    namesakes: list[User]  # others of the policy's employer with the surname that was typed

    @property
    def with_address(self) -> list[User]:
        return [self.account] if self.account else []

    @property
    def contacts(self) -> list[User]:
        """The main contact of the policy's employer, if there is one."""
        contact = self.policy.employer.contact if self.policy else None
        return [contact] if contact else []

    @property
    def invited_account(self) -> User | None:
        """The account with this address, when a new invitation is what it needs."""
        user = self.account
        waits = user and user.is_active and not user.is_staff and user.state != User.State.ACTIVE
        return user if waits else None


def match(request: AccessRequest) -> Match:
    policy = policy_numbered(request.policy_number)
    employer = policy.employer if policy else None
    account = User.objects.named(request.email)
    namesakes = User.objects.none()
    if employer:
        own = User.objects.filter(memberships__employer=employer, is_staff=False)
        namesakes = _with_surname(own, request.surname).exclude(email__iexact=request.email)
    return Match(
        policy=policy,
        is_same_company=bool(employer and same_company(employer.name, request.company_name)),
        account=account,
        namesakes=list(namesakes.distinct()),
    )


def policy_numbered(number: str) -> Policy | None:
    """The policy with this number, however it is separated: "ZW 2024.0117" is "ZW-2024-0117"."""
    compact = Func(F("number"), Value(SEPARATORS), Value(""), Value("g"), function="regexp_replace")
    found = Policy.objects.select_related("employer__contact").alias(compact=Upper(compact))
    return found.filter(compact=re.sub(SEPARATORS, "", number).upper()).first()


def same_company(name: str, typed: str) -> bool:
    """Whether two names are of one company: case, accents, dots and legal form do not count."""
    return _bare(name) == _bare(typed)


def _bare(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name).casefold()
    words = re.sub(r"[^\w ]", "", "".join(c for c in letters if not unicodedata.combining(c)))
    return "".join(LEGAL_FORMS.sub("", words).split())


def _with_surname(users: "QuerySet[User]", surname: str) -> "QuerySet[User]":
    """By the last word of the name: prefixes are typed in many ways."""
    last = surname.split()[-1] if surname.split() else surname
    return users.filter(last_name__iendswith=last)
