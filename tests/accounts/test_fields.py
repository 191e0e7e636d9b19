"""Form fields that understand days as people type them."""

import pytest

from accounts.fields import DayField, with_whole_days


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Bijvoorbeeld 01-09-2026.", 'Bijvoorbeeld <span class="nowrap">01-09-2026</span>.'),
        ("01-09-2026", '<span class="nowrap">01-09-2026</span>'),
        ("Geen dag: 1-9-26 <b>", "Geen dag: 1-9-26 &lt;b&gt;"),
        ("", ""),
    ],
)
def test_a_line_does_not_end_inside_a_day(text: str, html: str) -> None:
    assert with_whole_days(text) == html


def test_the_help_of_a_day_is_such_a_text() -> None:
    assert DayField().help_text == with_whole_days("Bijvoorbeeld 01-09-2026.")
    assert DayField(help_text="Op 15-09-2026.").help_text == with_whole_days("Op 15-09-2026.")
