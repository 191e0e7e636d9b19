"""Accountherstel: what a colleague asks for somebody who lost everything, and deciding on it.

It starts at the page of the user; for a colleague, who has no page, at the list. No password, code
or link passes here (security.md C19).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import phones
from accounts.actions.recovery import (
    RecoveryRefusedError,
    Why,
    approve_recovery,
    ask_for_recovery,
    refuse_recovery,
    withdraw_recovery,
)
from accounts.admin.links import moment
from accounts.admin_base import AuditedModelAdmin, Refused, in_words, posted, staff
from accounts.admin_filters import QueueFilter
from accounts.admin_forms import ApprovalForm, ColleagueForm, RefusalForm
from accounts.audit import Action
from accounts.confirmation import needs_confirmation
from accounts.models import AccountRecovery, AuditEvent, User

State = AccountRecovery.State
# As long after a change of address, the link may still be meant for who changed it.
RECENT = timedelta(days=30)
WHAT_HAPPENS = (
    "Na goedkeuring vervallen het wachtwoord, elke tweede stap, de back-up code en alle links, en"
    " wordt de gebruiker overal uitgelogd. De gebruiker krijgt een link om het account opnieuw te"
    " activeren. U ziet of kiest geen wachtwoord, code of link."
)
WORDS = {
    Why.OWN_ACCOUNT: "Het herstel van uw eigen account vraagt een collega aan.",
    Why.OWN_REQUEST: "U hebt dit zelf aangevraagd. Een collega beoordeelt het.",
    Why.OF_A_COLLEAGUE: "Alleen wie dit heeft aangevraagd, trekt het in. Weigeren kunt u wel.",
    Why.NOTHING_TO_RECOVER: (
        "Dit account is nog niet geactiveerd of mag niet inloggen. Nodig de gebruiker opnieuw uit,"
        " of zet eerst Mag inloggen aan."
    ),
    Why.ASKED_ALREADY: "Er is al herstel aangevraagd voor dit account. Een collega beoordeelt het.",
    Why.NOT_OPEN: "Hierover is al besloten, of de aanvraag is verlopen.",
    Why.CHANGED: (
        "Na de aanvraag is het e-mailadres gewijzigd, of mag de gebruiker of de aanvrager niet meer"
        " inloggen. Weiger deze aanvraag en zoek uit waarom."
    ),
}


@contextmanager
def recovery_in_words() -> Iterator[None]:
    """Raises PermissionDenied for who lost the right meanwhile."""
    try:
        yield
    except RecoveryRefusedError as error:
        if error.why == Why.NO_RIGHT:
            raise PermissionDenied from error
        raise ValidationError(WORDS[error.why]) from error


class OpenFilter(QueueFilter):
    """What can be decided on, unless asked otherwise."""

    default = State.OPEN.label

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        return AccountRecovery.objects.open() & rows


@admin.register(AccountRecovery)
class AccountRecoveryAdmin(AuditedModelAdmin):
    """One request to set an account back: by one member of staff, decided on by another."""

    fieldsets = [
        (None, {"fields": ["person", "email", "employers", "standing", "expires_at"]}),
        ("Aanvraag", {"fields": ["requester", "requested_at", "number", "verified"]}),
        ("Besluit", {"fields": ["decider", "decided_at", "why_refused"]}),
    ]
    requester = in_words("requested_by", "aangevraagd door")
    decider = in_words("decided_by", "besloten door")
    list_display = ["who", "requester", "requested_at", "expires_at", "standing", "decider"]
    list_filter = [OpenFilter]
    list_select_related = ["user", "requested_by", "decided_by"]
    ordering = ["-pk"]
    sortable_by = ()
    unread_in_lists = ("evidence", "called_number", "reason")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The permission to change is that of deciding: the acts ask for it."""
        return False

    def get_urls(self) -> list[Any]:
        guard, name = self.admin_site.admin_view, "accounts_accountrecovery"
        approve = guard(needs_confirmation(self.approve_page))
        return [
            path("<int:key>/goedkeuren/", approve, name=f"{name}_approve"),
            path("<int:key>/weigeren/", guard(self.refuse_page), name=f"{name}_refuse"),
            path("<int:key>/intrekken/", guard(self.withdraw_page), name=f"{name}_withdraw"),
            *super().get_urls(),
        ]

    def title_of(self, obj: AccountRecovery) -> str:
        return f"Accountherstel van {obj.user}"

    def object_links(self, request: HttpRequest, obj: AccountRecovery) -> list[tuple[str, str]]:
        """What this person can do with it; nothing with his own account."""
        me = staff(request)
        if not obj.is_open or obj.user_id == me.pk:
            return []
        if obj.requested_by_id == me.pk:
            return [("Intrekken", self.address("withdraw", obj.pk))]
        if not me.has_perm("accounts.change_accountrecovery"):
            return []
        return [
            ("Goedkeuren", self.address("approve", obj.pk)),
            ("Weigeren", self.address("refuse", obj.pk)),
        ]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        page = needs_confirmation(self.colleague_page)
        return cast(HttpResponse, page(cast(Any, request)))

    def colleague_page(self, request: HttpRequest) -> HttpResponse:
        """Asks for a colleague who lost everything."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ColleagueForm(*posted(request), by=staff(request))

        def act(data: dict[str, Any]) -> str:
            return ask_from(request, data["colleague"], data)

        return self.task_page(
            request,
            form,
            act=act,
            title="Accountherstel van een collega aanvragen",
            button="Accountherstel aanvragen",
            notes=[WHAT_HAPPENS],
        )

    def approve_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Everything that opened the account is void, and its owner gets a link."""
        found = self._to_decide_on(request, key)

        def act(data: dict[str, Any]) -> str:
            with recovery_in_words():
                approve_recovery(by=staff(request), recovery=found)
            return f"Goedgekeurd. {found.user} krijgt een link om opnieuw te activeren."

        return self._act_page(
            request,
            found,
            ApprovalForm(*posted(request)),
            act,
            title="Accountherstel goedkeuren",
            button="Goedkeuren en link versturen",
            notes=[*what_was_asked(found), *warnings_about(found), WHAT_HAPPENS],
        )

    def refuse_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """The account stays as it is."""
        found = self._to_decide_on(request, key)

        def act(data: dict[str, Any]) -> str:
            with recovery_in_words():
                refuse_recovery(by=staff(request), recovery=found, **data)
            return f"Geweigerd. Aan het account van {found.user} verandert niets."

        return self._act_page(
            request,
            found,
            RefusalForm(*posted(request)),
            act,
            title="Accountherstel weigeren",
            button="Weigeren",
            notes=[*what_was_asked(found), "De gebruiker krijgt bericht dat het niet doorgaat."],
        )

    def withdraw_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """Who asked takes it back."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        found: AccountRecovery = self.get_object(request, str(key))
        if found.requested_by_id != staff(request).pk:
            raise Refused(found)

        def act(data: dict[str, Any]) -> str:
            with recovery_in_words():
                withdraw_recovery(by=staff(request), recovery=found)
            return f"Ingetrokken. Aan het account van {found.user} verandert niets."

        return self._act_page(
            request,
            found,
            forms.Form(*posted(request)),
            act,
            title="Aanvraag intrekken",
            button="Aanvraag intrekken",
            notes=["De gebruiker krijgt bericht dat het niet doorgaat."],
        )

    def _act_page(
        self, request: HttpRequest, found: AccountRecovery, form: Any, act: Any, **context: Any
    ) -> HttpResponse:
        """Of what was decided meanwhile, the page says how; nothing is asked any more."""
        done = self.address("change", found.pk)
        if not found.is_open:
            messages.warning(request, WORDS[Why.NOT_OPEN])
            return redirect(done)
        return self.task_page(request, form, act=act, obj=found, done=done, **context)

    def _to_decide_on(self, request: HttpRequest, key: int) -> AccountRecovery:
        """For another than who asked, and than whose account it is. Raises PermissionDenied and
        Http404.
        """
        if not staff(request).has_perm("accounts.change_accountrecovery"):
            raise PermissionDenied
        found: AccountRecovery = self.get_object(request, str(key))
        if staff(request).pk in {found.requested_by_id, found.user_id}:
            raise Refused(found)
        return found

    @admin.display(description="van")
    def who(self, found: AccountRecovery) -> str:
        return str(found.user)

    @admin.display(description="gebruiker")
    def person(self, found: AccountRecovery) -> SafeString | str:
        """Staff have no page to go to."""
        if found.user.is_staff:
            return f"{found.user}, medewerker"
        address = reverse("admin:accounts_user_change", args=[found.user_id])
        return format_html('<a href="{}">{}</a>', address, found.user)

    @admin.display(description="e-mailadres")
    def email(self, found: AccountRecovery) -> str:
        return found.user.email

    @admin.display(description="werkgevers")
    def employers(self, found: AccountRecovery) -> str:
        """With the policies on which the number is to be found."""
        rows = found.user.memberships.select_related("employer")
        return "; ".join(in_one_line(row.employer) for row in rows) or "-"

    @admin.display(description="stand")
    def standing(self, found: AccountRecovery) -> str:
        is_overdue = found.state == State.OPEN and not found.is_open
        return str(State.EXPIRED.label if is_overdue else State(found.state).label)

    @admin.display(description="teruggebeld op")
    def number(self, found: AccountRecovery) -> str:
        return phones.spelled(found.called_number)

    @admin.display(description="nagegaan")
    def verified(self, found: AccountRecovery) -> str:
        return str(found.evidence)

    @admin.display(description="reden van weigering")
    def why_refused(self, found: AccountRecovery) -> str:
        return str(found.reason or "-")


def ask_from(request: HttpRequest, user: User, data: dict[str, Any]) -> str:
    """Asks, from a form that was filled in; what to tell afterwards."""
    with recovery_in_words():
        ask_for_recovery(
            by=staff(request),
            user=user,
            evidence=data["evidence"],
            called_number=data["called_number"],
        )
    return f"Aangevraagd. Een collega beoordeelt het binnen 24 uur; {user} krijgt een e-mail."


def in_one_line(employer: Any) -> str:
    numbers = ", ".join(employer.policies.values_list("number", flat=True))
    return f"{employer} (polis {numbers})" if numbers else str(employer)


def what_was_asked(found: AccountRecovery) -> list[str]:
    return [
        f"Aangevraagd door {found.requested_by} op {moment(found.requested_at)}; verloopt op"
        f" {moment(found.expires_at)}.",
        f"Teruggebeld op {phones.spelled(found.called_number)}.",
        f"Nagegaan: {found.evidence}",
        f"De link gaat naar {found.user.email}.",
    ]


def warnings_about(found: AccountRecovery) -> list[str]:
    """What does not fit somebody who lost everything, or may lead the link elsewhere."""
    lines = []
    if found.user.last_login and found.user.last_login > found.requested_at:
        lines.append(
            f"Let op: met dit account is na de aanvraag nog ingelogd, op"
            f" {moment(found.user.last_login)}. Bel de gebruiker opnieuw."
        )
    changes = AuditEvent.objects.about(found.user).filter(
        Q(action=Action.EMAIL_CHANGED)
        | Q(action=Action.ADMIN_CHANGE, detail__fields__contains="email"),
        at__gte=timezone.now() - RECENT,
    )
    if last := changes.order_by("-pk").first():
        lines.append(
            f"Let op: het e-mailadres is op {moment(last.at)} gewijzigd. Vraag bij het bellen of"
            " dat klopt."
        )
    return lines
