"""Requests of people who got no e-mail: what they typed, what the portal knows, what is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.actions.access_requests import (
    Applicant,
    NotWaitingError,
    deal_with,
    invite_applicant,
    take_up,
)
from accounts.admin.links import invitation_in_words, whereabouts
from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from accounts.admin_filters import QueueFilter
from accounts.matching import Match, match
from accounts.models import AccessRequest, User

Outcome, State = AccessRequest.Outcome, AccessRequest.State


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="Uitkomst",
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies wat u hebt gedaan."},
    )


class WaitingFilter(QueueFilter):
    options = (("afgehandeld", "Afgehandeld"),)

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        return rows.filter(state=State.DONE) if option else rows.exclude(state=State.DONE)


@contextmanager
def waiting_in_words() -> Iterator[None]:
    try:
        yield
    except NotWaitingError as error:
        raise ValidationError("Een collega was u voor. Kijk op de pagina hoe het staat.") from error


@admin.register(AccessRequest)
class AccessRequestAdmin(AuditedModelAdmin):
    """Somebody got no e-mail and asks for help. Nothing that was typed is trusted or changed."""

    fields = [
        "received_at",
        "state",
        "taker",
        "taken_at",
        "outcome",
        "handler",
        "handled_at",
    ]
    taker = in_words("taken_by", "in behandeling bij")
    handler = in_words("handled_by", "afgehandeld door")
    list_display = ["number", "received_at", "state", "taker", "outcome", "handler", "handled_at"]
    list_filter = [WaitingFilter]
    list_select_related = ["taken_by", "handled_by"]
    ordering = ["-pk"]
    sortable_by = ()
    unread_in_lists = Applicant.__slots__

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The permission to change is that of the acts: they ask for it."""
        return False

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "accounts_accessrequest"
        return [
            path("<int:key>/behandelen/", guard(self.take_page), name=f"{name}_take"),
            path("<int:key>/uitnodigen/", guard(self.invite_page), name=f"{name}_invite"),
            path("<int:key>/afhandelen/", guard(self.handle_page), name=f"{name}_handle"),
            *super().get_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: AccessRequest) -> list[tuple[str, str]]:
        """What can be done with it; a new account starts on the page that adds users."""
        if not obj.is_waiting or not self._may_act(request):
            return []
        links = []
        if obj.state == State.OPEN:
            links.append(("In behandeling nemen", self.address("take", obj.pk)))
        found = match(obj)
        if found.invited_account:
            links.append(("Opnieuw uitnodigen", self.address("invite", obj.pk)))
        elif found.account is None:
            add = f"{reverse('admin:accounts_user_add')}?aanvraag={obj.pk}"
            links.append(("Gebruiker toevoegen", add))
        return [*links, ("Afhandelen", self.address("handle", obj.pk))]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """What was typed, beside what the portal knows of it."""
        context["compared"] = compared(context["original"])
        return super().render_change_form(request, context, *args, **kwargs)

    def take_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Colleagues see who works on it."""
        found = self._to_act_on(request, key)

        def act(data: dict[str, Any]) -> str:
            with waiting_in_words():
                take_up(by=staff(request), access_request=found)
            return f"{found} is nu bij u in behandeling."

        return self._act_page(
            request, found, forms.Form(*posted(request)), act, title="In behandeling nemen"
        )

    def invite_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """A new link to the account with the address that was typed."""
        found = self._to_act_on(request, key)
        user = match(found).invited_account
        if user is None:
            raise Http404

        def act(data: dict[str, Any]) -> str:
            with waiting_in_words(), invitation_in_words():
                invite_applicant(by=staff(request), access_request=found, user=user)
            return f"{user} krijgt een e-mail met een nieuwe link. {found} is afgehandeld."

        return self._act_page(
            request,
            found,
            forms.Form(*posted(request)),
            act,
            title="Opnieuw uitnodigen",
            notes=[f"De link gaat naar {user.email}. Eerdere links werken daarna niet meer."],
        )

    def handle_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Done, without an invitation from here."""
        found = self._to_act_on(request, key)

        def act(data: dict[str, Any]) -> str:
            with waiting_in_words():
                deal_with(by=staff(request), access_request=found, **data)
            return f"{found} is afgehandeld."

        return self._act_page(
            request, found, OutcomeForm(*posted(request)), act, title="Afhandelen"
        )

    def _act_page(
        self,
        request: HttpRequest,
        found: AccessRequest,
        form: forms.Form,
        act: Any,
        **context: Any,
    ) -> HttpResponse:
        context["button"] = context["title"]
        done = self.address("change", found.pk)
        return self.task_page(request, form, act=act, obj=found, done=done, **context)

    def _to_act_on(self, request: HttpRequest, key: int) -> AccessRequest:
        """Raises PermissionDenied and Http404."""
        if not self._may_act(request):
            raise PermissionDenied
        found: AccessRequest = self.get_object(request, str(key))
        return found

    def _may_act(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("accounts.change_accessrequest")

    @admin.display(description="aanvraag")
    def number(self, found: AccessRequest) -> str:
        return str(found)


def compared(found: AccessRequest) -> list[tuple[str, str, SafeString | str]]:
    """What was typed, and beside it what the portal knows: (words, typed, known)."""
    known = match(found)
    name = f"{found.salutation_in_words}: {found.initials} {found.surname}"
    return [
        ("Polisnummer", found.policy_number, policy_in_words(known)),
        ("Bedrijfsnaam", found.company_name, company_in_words(known)),
        ("Aanvrager", name, accounts_in_words(known.namesakes, "Geen met deze achternaam")),
        ("E-mailadres", found.email, accounts_in_words(known.with_address, "Geen account")),
        ("Mobiele telefoonnummer", found.mobile, "Om terug te bellen"),
        ("Algemene contactpersoon", "", accounts_in_words(known.contacts, "Niet bekend")),
    ]


def policy_in_words(known: Match) -> SafeString | str:
    policy = known.policy
    if policy is None:
        return "Geen polis met dit nummer"
    address = reverse("admin:accounts_policy_change", args=[policy.pk])
    until = f" tot en met {policy.ends_on:%d-%m-%Y}" if policy.ends_on else ""
    since = f"{policy.starts_on:%d-%m-%Y}"
    return format_html('<a href="{}">{}</a> vanaf {}{}', address, policy, since, until)


def company_in_words(known: Match) -> SafeString | str:
    if known.policy is None:
        return "-"
    employer = known.policy.employer
    address = reverse("admin:accounts_employer_change", args=[employer.pk])
    words = "komt overeen" if known.is_same_company else "is anders dan ingevuld"
    return format_html('<a href="{}">{}</a> {}', address, employer, words)


def accounts_in_words(users: list[User], nobody: str) -> SafeString | str:
    """Who each is, at which address and how far; staff have no page to go to."""
    return format_html_join("", "<div>{}</div>", ((in_one_line(user),) for user in users)) or nobody


def in_one_line(user: User) -> SafeString | str:
    if user.is_staff:
        return "Een medewerker. Die krijgt geen uitnodiging van hier."
    address = reverse("admin:accounts_user_change", args=[user.pk])
    words = whereabouts(user) if user.is_active else "Mag niet inloggen"
    return format_html('<a href="{}">{}</a>, {}. {}', address, user, user.email, words)
