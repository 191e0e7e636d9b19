"""Limits against guessing and against sms on somebody else's account. Source: security.md 2.5.

A limit is a token bucket: so many at once, then one more each so many seconds. Taking a token is
one SQL statement on a connection of its own (alias `security`, autocommit), so that an attempt
stays counted when its request is rolled back, and two at the same moment are both counted.
Keys are keyed hashes: the table names nobody. Each function returns the seconds to wait: 0 is "go".
`search` is another: it counts together with an event, and so on the ordinary connection.
"""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections

from accounts.compiled import answers
from accounts.sealed import keyed_hash

if TYPE_CHECKING:
    from accounts.models import AuditEvent

# A row comes back when a token was left; clock_timestamp() because now() stands still in a test.
TAKE = """
insert into accounts_bucket as bucket (key, tokens, at)
values (%(key)s, %(capacity)s - %(count)s, clock_timestamp())
on conflict (key) do update set
  tokens = least(%(capacity)s,
    bucket.tokens + extract(epoch from clock_timestamp() - bucket.at) / %(seconds)s) - %(count)s,
  at = clock_timestamp()
where least(%(capacity)s,
    bucket.tokens + extract(epoch from clock_timestamp() - bucket.at) / %(seconds)s) >= %(count)s
returning tokens
"""
GIVE_BACK = """
update accounts_bucket set tokens = least(%(capacity)s, tokens + %(count)s)
where key = %(key)s
"""
REFILL = "delete from accounts_bucket where key = %(key)s"


@dataclass(frozen=True, slots=True)
class Limit:
    """`capacity` at once, then one more each `seconds`."""

    name: str
    capacity: float
    seconds: float

    def take(self, *parts: object, count: int = 1) -> bool:
        """Takes all `count`, or none of them when there are fewer."""
        if count > self.capacity:
            return False
        with connections["security"].cursor() as cursor:
            cursor.execute(TAKE, self._parameters(parts, count))
            return cursor.fetchone() is not None

    def give_back(self, *parts: object, count: int = 1) -> None:
        with connections["security"].cursor() as cursor:
            cursor.execute(GIVE_BACK, self._parameters(parts, count))

    def refill(self, *parts: object) -> None:
        """A row that is gone is a full bucket."""
        with connections["security"].cursor() as cursor:
            cursor.execute(REFILL, self._parameters(parts))

    def _parameters(self, parts: tuple[object, ...], count: int = 1) -> dict[str, str | float]:
        key = self._key(parts)
        return {"key": key, "capacity": self.capacity, "seconds": self.seconds, "count": count}

    def _key(self, parts: tuple[object, ...]) -> str:
        return keyed_hash(f"throttle.{self.name}", *parts)

    def times(self, factor: int) -> "Limit":
        return Limit(self.name, self.capacity * factor, self.seconds / factor)


MINUTE, HOUR, DAY = 60, 3600, 86400
MEGABYTE = 1024**2

FAILED_LOGINS_PER_ADDRESS = Limit("login.ip", 20, 30)
FAILED_LOGINS_FROM_KNOWN_BROWSER = Limit("login.known", 10, MINUTE)
FAILED_LOGINS_FROM_ELSEWHERE = Limit("login.elsewhere", 10, 90)
FAILED_CODES_PER_USER = Limit("code.user", 10, HOUR / 10)
PASSKEY_CHALLENGE = Limit("passkey.challenge", 1, DAY)
SMS_PER_USER_AND_HOUR = Limit("sms.user.hour", 5, HOUR / 5)
SMS_PER_USER_AND_DAY = Limit("sms.user.day", 10, DAY / 10)
SMS_PER_ADDRESS = Limit("sms.ip", 10, HOUR / 10)
SMS_PER_NUMBER = Limit("sms.to", 10, DAY / 10)
SMS_PER_NEW_NUMBER = Limit("sms.number", 5, DAY / 5)
SMS_PER_NEW_RANGE = Limit("sms.range", 20, DAY / 20)
SMS_PER_EMPLOYER = Limit("sms.employer", 50, DAY / 50)
SMS_IN_ALL = Limit("sms.all", 300, HOUR / 300)
LINKS_PER_MAIL_ADDRESS_AND_HOUR = Limit("link.address.hour", 3, HOUR / 3)
LINKS_PER_MAIL_ADDRESS_AND_DAY = Limit("link.address.day", 6, DAY / 6)
ACCESS_REQUESTS_PER_ADDRESS = Limit("access.ip", 5, HOUR / 5)
ACCESS_REQUESTS_PER_MAIL_ADDRESS = Limit("access.address", 3, DAY / 3)
ACCESS_REQUESTS_IN_ALL = Limit("access.all", 100, HOUR / 100)
COLLEAGUES_PER_EMPLOYER = Limit("colleague.employer", 20, DAY / 20)
REPETITIONS_OF_OFFER = Limit("offer.repeat", 3, DAY / 3)
LINKS_PER_ADDRESS = Limit("link.ip", 20, HOUR / 20)
UPLOADS_PER_USER = Limit("upload.user", 60, HOUR / 60)
SINGLE_UPLOADS_PER_USER = Limit("upload.one", 600, HOUR / 600)
ZIPS_PER_USER = Limit("zip.user", 30, HOUR / 30)
BYTES_PER_EMPLOYER = Limit("upload.employer", 500 * MEGABYTE, DAY / (500 * MEGABYTE))
CASEFILES_PER_USER = Limit("casefile.user", 20, HOUR / 20)
SEARCHES_PER_MINUTE = Limit("search.minute", 120, MINUTE / 120)
SEARCHES_PER_DAY = Limit("search.day", 2000, DAY / 2000)
SEARCH_ALERTS = Limit("search.alert", 1, DAY)


def password_attempt(*, ip: str | None, account: object, browser: str) -> int:
    """Wrong passwords: 20 per address, then one each 30 s; 10 per account from browsers that the
    user never logged in with, then one each 90 s; 10 per known browser, then one each minute.

    So strangers who guess do not keep the owner out of a browser that is known. `account` is the
    user's id, or the name as typed when there is no such user: the answer is the same.
    """
    return _take_all(_password_limits(ip, account, browser))


def password_was_right(*, ip: str | None, account: object, browser: str) -> None:
    """Only wrong passwords count: gives back what `password_attempt` took."""
    for limit, parts in _password_limits(ip, account, browser):
        limit.give_back(*parts)


def _password_limits(
    ip: str | None, account: object, browser: str
) -> list[tuple[Limit, tuple[object, ...]]]:
    per_account: tuple[Limit, tuple[object, ...]] = (
        (FAILED_LOGINS_FROM_KNOWN_BROWSER, (account, browser))
        if browser
        else (FAILED_LOGINS_FROM_ELSEWHERE, (account,))
    )
    return [(FAILED_LOGINS_PER_ADDRESS, (network(ip),)), per_account]


def code_attempt(*, user_id: int) -> int:
    """Wrong second-factor codes: 10 per user and hour, over all factors and sessions together."""
    return _take_all([(FAILED_CODES_PER_USER, (user_id,))])


def code_was_right(*, user_id: int) -> None:
    FAILED_CODES_PER_USER.give_back(user_id)


def first_use_of_challenge(challenge: str) -> bool:
    """Whether nobody answered this challenge of a passkey yet; from now on somebody did.

    True for one request, also when many ask at once. A challenge is forgotten by its session long
    before this bucket is full again.
    """
    return PASSKEY_CHALLENGE.take(challenge)


def sms_to_user(
    *, user_id: int, ip: str | None, number: str = "", employer_ids: Iterable[int] = ()
) -> int:
    """Sms codes: 5 an hour and 10 a day per user. And of those that nobody used: 10 a day to one
    number over all users, 10 an hour per address, 50 a day per employer.
    """
    return _take_all(
        [
            (_sms(SMS_PER_USER_AND_HOUR), (user_id,)),
            (_sms(SMS_PER_USER_AND_DAY), (user_id,)),
            *_limits_on_unused_sms(ip, number or user_id, employer_ids),
        ]
    )


def sms_was_used(
    *, user_id: int, ip: str | None, number: str = "", employer_ids: Iterable[int] = ()
) -> None:
    """A code that its receiver typed is no fraud: an office of many people behind one address may
    log in. What a user costs in a day is counted all the same.
    """
    for limit, parts in _limits_on_unused_sms(ip, number or user_id, employer_ids):
        limit.give_back(*parts)


def _limits_on_unused_sms(
    ip: str | None, number: object, employer_ids: Iterable[int]
) -> list[tuple[Limit, tuple[object, ...]]]:
    return [
        (_sms(SMS_PER_NUMBER), (number,)),
        (_sms(SMS_PER_ADDRESS), (network(ip),)),
        *((_sms(SMS_PER_EMPLOYER), (employer_id,)) for employer_id in employer_ids),
    ]


def sms_in_all() -> int:
    """Sms codes of everybody together: 300 an hour. More is no busy day but fraud (sms pumping)."""
    return _take_all([(_sms(SMS_IN_ALL), ())])


def sms_in_all_anew() -> None:
    """All 300 again, once somebody looked at what used them up."""
    _sms(SMS_IN_ALL).refill()


def sms_to_new_number(*, number: str) -> int:
    """Sms codes to a number that is being set up, over all users: 5 a day, and 20 a day to its
    range of 10,000 numbers, which fraud rents as a whole (sms pumping).
    """
    return _take_all(
        [
            (_sms(SMS_PER_NEW_NUMBER), (number,)),
            (_sms(SMS_PER_NEW_RANGE), (number[:-4],)),
        ]
    )


def link_by_mail(*, address: str, ip: str | None) -> int:
    """Links on request: 3 an hour and 6 a day per mail address, 20 an hour per network address."""
    # First who asks: an address that may ask no more uses up nobody's own links.
    return _take_all([(LINKS_PER_ADDRESS, (network(ip),))]) or link_to(address=address)


def link_to(*, address: str) -> int:
    """Links to one mail address, whoever asks for them: 3 an hour and 6 a day."""
    address = address.lower()
    return _take_all(
        [
            (LINKS_PER_MAIL_ADDRESS_AND_HOUR, (address,)),
            (LINKS_PER_MAIL_ADDRESS_AND_DAY, (address,)),
        ]
    )


def access_request(*, address: str, ip: str | None) -> int:
    """Forms "Geen e-mail ontvangen": 5 an hour per network address, 3 a day that name the same mail
    address, 100 an hour in all. Whether anybody here has that address makes no difference.
    """
    return _take_all(
        [
            (ACCESS_REQUESTS_PER_ADDRESS, (network(ip),)),
            (ACCESS_REQUESTS_PER_MAIL_ADDRESS, (address.lower(),)),
            (ACCESS_REQUESTS_IN_ALL, ()),
        ]
    )


def upload(*, user_id: int) -> int:
    """Forms with files: 60 an hour per user, also refused ones: judging a file costs most."""
    return _take_all([(UPLOADS_PER_USER, (user_id,))])


def upload_of_one(*, user_id: int) -> int:
    """Files that go one by one: 600 an hour per user, as many as 60 forms of ten hold."""
    return _take_all([(SINGLE_UPLOADS_PER_USER, (user_id,))])


def zip_of_documents(*, user_id: int) -> int:
    """Whole sick reports as a ZIP: 30 an hour per user. More is no work but collecting."""
    return _take_all([(ZIPS_PER_USER, (user_id,))])


def bytes_to_store(*, employer_id: int, size: int) -> int:
    """What the users of one employer store together: 500 MB a day."""
    if BYTES_PER_EMPLOYER.take(employer_id, count=size):
        return 0
    return max(1, round(size * BYTES_PER_EMPLOYER.seconds))


def bytes_not_stored(*, employer_id: int, size: int) -> None:
    """Gives back what `bytes_to_store` took."""
    BYTES_PER_EMPLOYER.give_back(employer_id, count=size)


def casefile(*, user_id: int) -> int:
    """Casefiles that the worker makes: 20 an hour per user; each takes it seconds."""
    return _take_all([(CASEFILES_PER_USER, (user_id,))])


@dataclass(frozen=True, slots=True)
class SearchCount:
    """`wait`: seconds until the next search. `is_alarming`: far more in a day than people type."""

    wait: int
    is_alarming: bool


def search(event: "AuditEvent") -> SearchCount:
    """Searches: 120 a minute per user, which nobody types. Adds the event of one that was not too
    many; together they are one statement, as somebody waits for each letter.

    More than 2,000 in a day is no limit but a sign, given once a day: of a program that collects
    what may be seen a little at a time.
    """
    limits, user_id = (SEARCHES_PER_MINUTE, SEARCHES_PER_DAY), event.actor_id
    addition, values = event.addition()
    keys = [limit._key((user_id,)) for limit in limits]
    [(may_search, is_human)] = answers(_counting(limits, addition), [*keys, *values])
    if not may_search:
        return SearchCount(wait=max(1, round(SEARCHES_PER_MINUTE.seconds)), is_alarming=False)
    return SearchCount(wait=0, is_alarming=not is_human and SEARCH_ALERTS.take(user_id))


@cache
def _counting(limits: tuple[Limit, ...], addition: str) -> str:
    """Takes one from each limit, by its key, and adds an event when the first had one left.

    Says of each whether it had. The limits stand in the statement: they are the same every time.
    """
    takes = [
        TAKE % {"key": "%s", "capacity": limit.capacity, "seconds": limit.seconds, "count": 1}
        for limit in limits
    ]
    steps = [f"take_{n} as ({take})" for n, take in enumerate(takes)]
    steps.append(f"event as ({addition} where exists (select from take_0))")
    taken = ", ".join(f"exists (select from take_{n})" for n in range(len(takes)))
    return f"with {', '.join(steps)} select {taken}"


def colleague_invited(*, employer_id: int) -> int:
    """Colleagues that an employer's beheerders invite: 20 a day, so that nobody tries addresses."""
    return _take_all([(COLLEAGUES_PER_EMPLOYER, (employer_id,))])


def offer_repeated(*, offer_id: int) -> int:
    """An offer once more: 3 a day, as many as a link to activate with."""
    return _take_all([(REPETITIONS_OF_OFFER, (offer_id,))])


def network(ip: str | None) -> str:
    """Whom an address stands for: itself, or the /64 that one IPv6 customer gets."""
    if not ip:
        return "unknown"
    address = ipaddress.ip_address(ip)
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address}/64", strict=False))


def _sms(limit: Limit) -> Limit:
    """Sms limits are wider in development, where a message costs nothing (SMS_ALLOWANCE)."""
    return limit.times(settings.SMS_ALLOWANCE)


def _take_all(limits: list[tuple[Limit, tuple[object, ...]]]) -> int:
    """Takes from each in turn. Seconds until the first empty one has a token again; 0 is "go"."""
    for limit, parts in limits:
        if not limit.take(*parts):
            return max(1, round(limit.seconds))
    return 0
