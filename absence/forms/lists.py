"""Untrusted input of the lists of sick reports: what the address asks for."""

from datetime import date
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import Min
from django.http import QueryDict

from absence.lists import FULLY, NEWEST_FIRST, OF_ALL, OF_THE_ILL, PARTLY, Choice, Column
from absence.models import Trajectory
from accounts.models import Employer

if TYPE_CHECKING:
    from accounts.models import User

# Addresses are Dutch.
PARAMETERS = {
    "order": "volgorde",
    "extent": "ziek",
    "year": "jaar",
    "employer": "werkgever",
}


class EmployerChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of the employers that the form is given, or all of them together."""

    def __init__(self, empty_label: str | None = "Alle werkgevers") -> None:
        super().__init__(
            Employer.objects.none(),
            label="Werkgever",
            required=False,
            to_field_name="uuid",
            empty_label=empty_label,
            error_messages={"invalid_choice": "Kies een van uw werkgevers."},
        )


class AddressForm(forms.Form):
    """What stands in the address, under Dutch names. What is wrong there is left out, and said."""

    # No "(niet verplicht)" behind their labels: each choice has an answer.
    conditional_fields = frozenset(PARAMETERS)

    def add_prefix(self, field_name: str) -> str:
        return PARAMETERS.get(field_name, field_name)

    def _offer_employers(self, user: "User") -> None:
        """With one employer there is no choice to make."""
        if len(user.employer_roles) > 1:
            employers = Employer.objects.visible_to(user).order_by("name")
            self.fields["employer"].queryset = employers  # type: ignore[attr-defined]
        else:
            del self.fields["employer"]


class ListForm(AddressForm):
    """Order and filters."""

    columns: ClassVar[tuple[Column, ...]]

    order = forms.ChoiceField(
        label="Volgorde",
        required=False,
        error_messages={"invalid_choice": "Kies een van de volgordes."},
    )
    employer = EmployerChoiceField()

    def __init__(self, asked: QueryDict, *, user: "User") -> None:
        data = asked.copy()
        data.setdefault(PARAMETERS["order"], NEWEST_FIRST)
        super().__init__(data)
        orders = [order for column in self.columns for order in column.orders]
        self.fields["order"].choices = orders  # type: ignore[attr-defined]
        self._offer_employers(user)

    def choice(self) -> Choice:
        """What was asked for, as far as it can be."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return Choice(**asked)

    @property
    def all_rows(self) -> str:
        """The query of the address that asks for all rows, in the order that is chosen now."""
        return urlencode({PARAMETERS["order"]: self.choice().order})

    @property
    def has_filter(self) -> bool:
        """Whether fewer rows than all are asked for."""
        return any(value for name, value in self.cleaned_data.items() if name != "order")


class IllListForm(ListForm):
    """Of who is ill now."""

    columns = OF_THE_ILL

    extent = forms.ChoiceField(
        label="Ziek",
        required=False,
        choices=[
            ("", "Volledig en gedeeltelijk"),
            (FULLY, "Alleen volledig"),
            (PARTLY, "Alleen gedeeltelijk"),
        ],
        error_messages={"invalid_choice": "Kies volledig of gedeeltelijk."},
    )
    field_order = ("order", "extent", "employer")


class ReportListForm(ListForm):
    """Of all sick reports, of who recovered as well."""

    columns = OF_ALL

    year = forms.TypedChoiceField(
        label="Jaar van de eerste ziektedag",
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "Kies een van de jaren."},
    )
    field_order = ("order", "year", "employer")

    def __init__(self, asked: QueryDict, *, user: "User") -> None:
        super().__init__(asked, user=user)
        days = Trajectory.objects.visible_to(user).dates("first_sick_day", "year", order="DESC")
        years = [(str(day.year), str(day.year)) for day in days]
        self.fields["year"].choices = [("", "Alle jaren"), *years]  # type: ignore[attr-defined]


class FiguresForm(AddressForm):
    """Which employer and which year."""

    year = forms.TypedChoiceField(
        label="Jaar",
        required=False,
        coerce=int,
        error_messages={"invalid_choice": "Kies een van de jaren."},
    )
    employer = EmployerChoiceField(empty_label=None)

    def __init__(self, asked: QueryDict, *, user: "User", today: date) -> None:
        self.first = next(iter(user.employer_roles), None)
        self.today = today
        data = asked.copy()
        data.setdefault(PARAMETERS["year"], str(today.year))
        super().__init__(data)
        first_day = Trajectory.objects.visible_to(user).aggregate(Min("first_sick_day"))
        oldest = (first_day["first_sick_day__min"] or today).year
        years = [(str(year), str(year)) for year in range(today.year, oldest - 1, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
        self._offer_employers(user)

    def choice(self) -> tuple[Employer | None, int]:
        """The employer, the first by name when none is asked for, and the year, else this one."""
        self.is_valid()
        asked = self.cleaned_data
        return asked.get("employer") or self.first, asked.get("year") or self.today.year
