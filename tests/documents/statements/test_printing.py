"""Sheet 2 on paper: every line says why, every rule is explained once, and it all fits."""

import re
import subprocess
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from absence.models import Trajectory
from accounts.models import Employer, Policy, User
from documents.models import BenefitStatement, StatementLine
from documents.statements.printing import Printed, printed
from documents.statements.reasons import RULES, Why, in_short
from documents.words import amount_in_words
from tests.documents.statements.conftest import published, row, text_of
from tests.factories import make_employee, make_trajectory

pytestmark = pytest.mark.django_db

type Make = Callable[..., StatementLine]


@pytest.fixture
def line(report: Trajectory) -> Make:
    """A line that is stored nowhere: a month of 22 days at 84 euros."""

    def make(**fields: Any) -> StatementLine:
        days = dict.fromkeys(("first_sick_day", "first_day", "last_day"), report.first_sick_day)
        amounts = {
            "daily_wage": Decimal(120),
            "maximum": Decimal("304.25"),
            "percentage": Decimal(70),
            "days": 22,
            "day_gross": Decimal(84),
            "gross": Decimal(1848),
            "total": Decimal(1848),
        }
        filled: dict[str, Any] = (
            {"kind": "BENEFIT", "reasons": [Why.DAYS]} | days | amounts | fields
        )
        return StatementLine(trajectory=report, **filled)

    return make


def named(sheet: Printed) -> list[set[str]]:
    """The rules that each line names."""
    return [
        {sheet.rules[int(number) - 1] for number in re.findall(r"\((\d+)\)", row.why)}
        for row in sheet.lines
    ]


@pytest.mark.parametrize("why", list(Why))
def test_each_rule_has_a_few_words_and_an_explanation(line: Make, why: Why) -> None:
    sheet = printed([line(reasons=[why])])

    assert sheet.rules == [RULES[why]]
    assert sheet.lines[0].why.endswith(" (1)")
    assert len(sheet.lines[0].why) < len(" (1)") + 40


def test_each_line_names_its_rules_and_each_rule_is_explained_once(line: Make) -> None:
    reasons = [[Why.DAYS], [Why.CAPPED, Why.DAYS], [Why.WAGES], [Why.DAYS]]
    sheet = printed([line(reasons=each) for each in reasons])

    assert sheet.rules == [RULES[Why.DAYS], RULES[Why.CAPPED], RULES[Why.WAGES]]
    assert named(sheet) == [{RULES[why] for why in each} for each in reasons]


@pytest.mark.parametrize(
    ("fields", "daily_wage", "words"),
    [
        ({}, "120,00 × 70%", "22 uitkeringsdagen × €\xa084,00"),
        ({"days": 1}, "120,00 × 70%", "1 uitkeringsdag × €\xa084,00"),
        ({"percentage": Decimal("33.33")}, "120,00 × 33,33%", "22 uitkeringsdagen × €\xa084,00"),
        (
            {"reasons": [Why.CAPPED], "daily_wage": Decimal(1400)},
            "304,25 × 70%",
            "dagloon €\xa01.400,00, gemaximeerd",
        ),
        ({"reasons": [Why.WAITING], "waiting_days": 2}, "120,00 × 70%", "2 wachtdagen"),
        (
            {"reasons": [Why.INCOME], "income": Decimal(30)},
            "120,00 × 70%",
            "inkomen €\xa030,00 per dag",
        ),
        ({"reasons": [Why.UWV], "kind": "NOTHING"}, "", "UWV betaalt"),
    ],
)
def test_the_figures_of_a_line_are_on_it(
    line: Make, fields: dict[str, Any], daily_wage: str, words: str
) -> None:
    (found,) = printed([line(**fields)]).lines

    assert found.daily_wage == daily_wage
    assert found.why == f"{words} (1)"


def test_a_correction_names_its_month_and_which_way_it_goes(line: Make) -> None:
    fields = {"kind": "CORRECTION", "reasons": [Why.CORRECTION], "gross": Decimal(0)}
    lines = [
        line(corrected_month=line().first_day, correction=amount, total=amount, **fields)
        for amount in (Decimal("-100.00"), Decimal("12.50"))
    ]
    less, more = printed(lines).lines

    assert (less.period, less.why) == ("Correctie januari 2026", "te veel uitgekeerd (1)")
    assert (less.total, more.total) == ("€\xa0-100,00", "€\xa012,50")
    assert more.why == "te weinig uitgekeerd (1)"


def test_a_period_has_its_year_once_unless_there_are_two(line: Make) -> None:
    same, other = line(), line()
    same.last_day = same.first_day.replace(day=31)
    other.last_day = other.first_day.replace(year=2027)

    assert [each.period for each in printed([same, other]).lines] == [
        "05-01 t/m 31-01-2026",
        "05-01-2026 t/m 05-01-2027",
    ]


def test_what_a_total_is_made_of_has_columns_only_where_it_is_more_than_the_gross_amount(
    line: Make,
) -> None:
    with_more = line(deduction=Decimal(500), total=Decimal(1348))

    assert printed([line()]).heads == []
    sheet = printed([line(), with_more])
    assert sheet.heads == ["Bruto", "Korting"]
    assert [each.amounts for each in sheet.lines] == [["1.848,00", ""], ["1.848,00", "500,00"]]


def test_an_amount_is_written_as_in_dutch() -> None:
    amounts = [Decimal(0), Decimal("1848.5"), Decimal("1234567.89")]

    assert [amount_in_words(amount) for amount in amounts] == ["0,00", "1.848,50", "1.234.567,89"]


def test_on_paper_stand_the_rules_that_made_the_amounts(
    ilse: User, policy: Policy, report: Trajectory, employer: Employer
) -> None:
    employed = make_trajectory(make_employee(employer, "Bos"), first_sick_day=report.first_sick_day)
    cells = {"daily_wage": "400", "income": "200", "supplement": "50,50", "charges": "100"}
    (statement,) = published(ilse, row(policy, report, **cells))

    assert statement.sheet.lines.get(trajectory=employed).total == 0
    sheet_2 = " ".join(text_of(statement).split("\f")[1].split())
    for one in statement.sheet.lines.all():
        for why, _ in in_short(one):
            assert RULES[why] in sheet_2
    for amount in ("4.685,56", "2.342,78", "50,50", "100,00", "€ 2.493,28", "€ 0,00"):
        assert amount in sheet_2


def test_a_long_name_stays_on_the_sheet(
    ilse: User, policy: Policy, employer: Employer, report: Trajectory
) -> None:
    long = make_employee(employer, "W" * 200, ended_on=report.employment.ended_on)
    ill = make_trajectory(long, first_sick_day=report.first_sick_day)
    (statement,) = published(ilse, row(policy, ill))

    width, words = words_of(statement)
    pieces = [(right, word) for right, word in words if set(word) <= set("W,")]
    assert "".join(word for _, word in pieces) == "W" * 200 + ","
    assert max(right for right, _ in words) < width
    assert max(right for right, _ in pieces) < width / 4


def words_of(statement: BenefitStatement) -> tuple[float, list[tuple[float, str]]]:
    """The width of sheet 2, and its words with the place where each ends."""
    with statement.document.file.open() as file:
        command = ["pdftotext", "-bbox", "-f", "2", "-", "-"]
        done = subprocess.run(command, input=file.read(), capture_output=True, check=True)
    page = done.stdout.decode()
    found = re.findall(r'xMax="([\d.]+)" yMax="[\d.]+">([^<]*)<', page)
    width = re.search(r'<page width="([\d.]+)"', page)
    assert width
    return float(width[1]), [(float(right), word) for right, word in found]
