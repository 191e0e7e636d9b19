"""What a sheet with sick reports says: of each line who it is, what is wrong, and what follows.

Nothing is stored here. The same check runs for the preview and once more before storing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID, uuid5

from django.db.models import prefetch_related_objects
from django.utils import timezone

from absence.case import Outlook, facts_of, facts_of_newcomer, outlook, spell_of
from absence.forms.paste import PersonLine, ReportLine
from absence.models import Classification
from absence.paste_columns import SheetLine
from accounts.models import Employer
from accounts.sealed import keyed_hash
from dossiers.actions import Person
from dossiers.duplicates import Duplicates, find_all_duplicates
from dossiers.models import Employee, Employment, EmploymentType
from dossiers.names import normalise

if TYPE_CHECKING:
    from accounts.models import User

IDENTIFYING = frozenset({"surname", "mobile", "postcode", "house_number", "bsn"})
SEVERAL = "Er passen meer personen bij deze regel. Meld deze werknemer ziek via het dossier."
SAME_LINE = "Deze persoon staat ook op regel {}. Laat één van de twee regels staan."
NO_SUCH_CONTRACT = (
    "Deze werknemer heeft geen dienstverband met deze startdatum. Voeg het eerst toe in het"
    " dossier, of laat de startdatum leeg."
)
NO_CONTRACT = "Deze werknemer heeft geen dienstverband. Voeg het eerst toe in het dossier."


@dataclass(frozen=True)
class CheckedLine:
    """One line of the sheet. `employee` has a dossier already, None is a new one.

    `person` and `report` are what the actions take; `errors` are pairs of a label and a message.
    """

    number: int
    name: str
    errors: tuple[tuple[str, str], ...]
    employee: Employee | None
    may_be_other: bool
    is_other: bool
    person: Mapping[str, Any]
    report: Mapping[str, Any]
    outlook: Outlook | None

    @property
    def stored_person(self) -> Person:
        """What is stored of a new employee."""
        known = self.person
        return cast(Person, {key: known[key] for key in Person.__annotations__ if key in known})

    @property
    def deadline(self) -> date | None:
        """The last day to report it to UWV, when that is to be done."""
        return self.outlook.route.uwv_due if self.outlook else None

    def said(self) -> str:
        """All that the preview said of this line, and all that would be stored."""
        report = self.report.get("employment"), self.report.get("first_sick_day")
        answers = sorted((key, str(value)) for key, value in self.person.items())
        stages = self.outlook.route.stages if self.outlook else ()
        parts = [
            self.number,
            self.employee.pk if self.employee else "new",
            report[0].pk if report[0] else "",
            report[1:],
            self.report.get("percentage"),
            str(self.report.get("classification")),
            answers,
            stages,
            self.deadline,
        ]
        return repr(parts)


@dataclass(frozen=True)
class Preview:
    """A checked sheet."""

    employer: Employer
    lines: tuple[CheckedLine, ...]

    @cached_property
    def wrong(self) -> list[CheckedLine]:
        return [line for line in self.lines if line.errors]

    @cached_property
    def good(self) -> list[CheckedLine]:
        return [line for line in self.lines if not line.errors]

    @property
    def new_count(self) -> int:
        return sum(line.employee is None for line in self.good)

    @cached_property
    def fingerprint(self) -> str:
        """Changes with anything that was shown; says nothing to who has no key."""
        return keyed_hash("absence.paste", self.employer.pk, *(line.said() for line in self.lines))


def check_lines(
    *,
    by: "User",
    employer: Employer,
    lines: Sequence[SheetLine],
    others: frozenset[int],
    submission: UUID,
) -> Preview:
    """Checks all lines, in a fixed number of queries. `others` are the numbers of lines of which
    the user said that they are not the person who was found.

    Employees who are shown are in the audit log as a search is.
    """
    prefetch_related_objects([employer], "policies")
    types = _by_label(EmploymentType.objects.active())
    is_zw_erd = employer.is_zw_erd()
    forms = [PersonLine(line.values, types=types, is_zw_erd=is_zw_erd) for line in lines]
    for form in forms:
        form.full_clean()
    people = [form.cleaned_data for form in forms]
    found = find_all_duplicates(by=by, employer=employer, people=people)
    checker = _Checker(employer, others, submission)
    checked = map(checker.check, lines, forms, found)
    return Preview(employer, tuple(checked))


def report_submission(submission: UUID, number: int) -> UUID:
    """By which the report of one line is known when the form is sent twice."""
    return uuid5(submission, f"report {number}")


def employee_submission(submission: UUID, number: int) -> UUID:
    return uuid5(submission, f"employee {number}")


class _Checker:
    """Checks line after line, and remembers who was on the lines before."""

    def __init__(self, employer: Employer, others: frozenset[int], submission: UUID) -> None:
        self.employer, self.others, self.submission = employer, others, submission
        self.classifications = _by_label(Classification.objects.offered_to(employer))
        self.today = timezone.localdate()
        self.seen: dict[tuple[Any, ...], int] = {}

    def check(self, line: SheetLine, form: PersonLine, found: Duplicates) -> CheckedLine:
        is_other = line.number in self.others and not found.is_certain
        people = () if is_other else found.people
        employee = people[0] if people else None
        errors = list(_form_errors(form, line, is_known=employee is not None))
        if len(people) > 1:
            errors.append(("Achternaam", SEVERAL))
        if earlier := self._line_before(line, form, employee):
            errors.append(("Achternaam", SAME_LINE.format(earlier)))
        employment = self._employment(form, employee)
        if isinstance(employment, str):
            errors.append(("Startdatum", employment))
            employment = self._new_employment(form)
        report = self._report(line, employment, employee)
        errors += _report_errors(report)
        answers = report.report() if not errors else {}
        return CheckedLine(
            number=line.number,
            name=employee.list_name if employee else _name(line),
            errors=tuple(errors),
            employee=employee,
            may_be_other=bool(found.people) and not found.is_certain,
            is_other=is_other,
            person={} if employee else form.cleaned_data,
            report=answers,
            outlook=self._outlook(form, report, employee) if answers else None,
        )

    def _line_before(
        self, line: SheetLine, form: PersonLine, employee: Employee | None
    ) -> int | None:
        """The number of an earlier line about the same person."""
        keys = list(_keys_of(form.cleaned_data))
        if employee:
            keys.append(("employee", employee.pk))
        earlier = next((self.seen[key] for key in keys if key in self.seen), None)
        for key in keys:
            self.seen.setdefault(key, line.number)
        return earlier

    def _employment(self, form: PersonLine, employee: Employee | None) -> Employment | str:
        """Which contract it is about, or why that cannot be said.

        With a start date that one; without it one that runs, the newest first, as on the form.
        """
        if employee is None:
            return self._new_employment(form)
        known = list(employee.employments.all())
        if started_on := form.cleaned_data.get("started_on"):
            known = [each for each in known if each.started_on == started_on]
        if not known:
            return NO_SUCH_CONTRACT if started_on else NO_CONTRACT
        begun = [each for each in known if each.started_on <= self.today] or known
        chosen = max(begun, key=lambda each: (each.ended_on or date.max, each.started_on))
        chosen.employer, chosen.employee = self.employer, employee  # read already
        return chosen

    def _new_employment(self, form: PersonLine) -> Employment:
        """Of somebody who is not stored yet. A start that is not known forbids no day."""
        started_on = form.cleaned_data.get("started_on") or date.min
        kind = form.cleaned_data.get("type")
        return Employment(employer=self.employer, started_on=started_on, type=kind)

    def _report(
        self, line: SheetLine, employment: Employment, employee: Employee | None
    ) -> ReportLine:
        reports = employee.trajectories.all() if employee else []
        mine = [spell_of(report) for report in reports if report.employment_id == employment.pk]
        form = ReportLine(
            line.values,
            submission=report_submission(self.submission, line.number),
            classifications=self.classifications,
            employment=employment,
            spells=mine,
        )
        form.full_clean()
        return form

    def _outlook(self, form: PersonLine, report: ReportLine, employee: Employee | None) -> Outlook:
        answers = report.cleaned_data
        contract, kind = answers["employment"], answers["classification"]
        day = answers["first_sick_day"]
        if employee:
            facts = facts_of(contract, kind, day)
        else:
            no_risk = form.cleaned_data["has_no_risk"]
            facts = facts_of_newcomer(contract, kind, day, has_no_risk=no_risk)
        return outlook(facts, today=self.today)


def _by_label(choices: Any) -> dict[str, Any]:
    """By the words that the screen shows, and by code."""
    return {str(word).casefold(): one for one in choices for word in (one.label, one.code)}


def _keys_of(person: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """By which two lines are about one person: the same as with one who has a dossier."""
    if bsn := person.get("bsn"):
        yield "bsn", bsn
    if surname := person.get("surname"):
        name = normalise(surname)
        if mobile := person.get("mobile"):
            yield name, mobile
        if (postcode := person.get("postcode")) and (number := person.get("house_number")):
            yield name, postcode, number


def _form_errors(form: PersonLine, line: SheetLine, *, is_known: bool) -> Iterator[tuple[str, str]]:
    """What is wrong about the person; of one with a dossier only what it was found by counts."""
    for name, messages in form.errors.items():
        if is_known and not (name in IDENTIFYING and line.values.get(name)):
            continue
        label = str(form.fields[name].label) if name in form.fields else ""
        yield from ((label, str(message)) for message in messages)


def _report_errors(form: ReportLine) -> Iterator[tuple[str, str]]:
    for name, messages in form.errors.items():
        label = str(form.fields[name].label) if name in form.fields else ""
        yield from ((label, str(message)) for message in messages)


def _name(line: SheetLine) -> str:
    """As typed, for who is not known."""
    parts = [line.values.get(key, "") for key in ("initials", "prefixes")]
    surname = line.values.get("surname", "") or "(geen achternaam)"
    return f"{surname}, {' '.join(part for part in parts if part)}".rstrip(", ")
