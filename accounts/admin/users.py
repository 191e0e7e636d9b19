"""Users of employers and their access; no password, code or secret passes here."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts import audit
from accounts.actions.access import end_sessions, end_stand_ins, follow_new_address
from accounts.actions.access_requests import deal_with
from accounts.actions.recovery import is_recoverable
from accounts.actions.users import invite, invite_again
from accounts.admin.links import history, invitation_in_words
from accounts.admin.recoveries import WHAT_HAPPENS, ask_from
from accounts.admin_base import (
    AuditedModelAdmin,
    PlainInline,
    in_words,
    key_in,
    posted,
    staff,
)
from accounts.admin_forms import EvidenceForm, InlineFormSet, UserForm
from accounts.audit import Action
from accounts.confirmation import needs_confirmation
from accounts.matching import policy_numbered
from accounts.models import AccessRequest, AccountRecovery, Membership, OneTimeLink, StandIn, User

NO_LINK = (
    "Naar dit adres is geen link verstuurd: dit account is hersteld voor een ander adres. Vraag"
    " opnieuw accountherstel aan."
)


class MembershipFormSet(InlineFormSet):
    """Who is an employer's contact keeps access to it: the e-mails go there."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        kept = [form for form in kept if not form.cleaned_data.get("DELETE")]
        if not self.instance.pk:
            if not kept:
                raise ValidationError("Kies ten minste één werkgever.")
            return
        stays_with = [form.cleaned_data["employer"].pk for form in kept]
        if stuck := self.instance.contact_for.exclude(pk__in=stays_with).first():
            raise ValidationError(
                f"{self.instance} is de contactpersoon van {stuck}. Kies daar eerst een ander."
            )

    @property
    def employers_left(self) -> list[int]:
        """The keys of employers for which the user works no longer, once this is saved."""
        return [
            form.initial["employer"]
            for form in self.initial_forms
            if form in self.deleted_forms or "employer" in form.changed_data
        ]


class MembershipInline(PlainInline):
    model = Membership
    verbose_name = "werkgever"
    formset = MembershipFormSet
    fields = ["employer", "role"]

    def get_extra(self, request: HttpRequest, obj: User | None = None, **kwargs: Any) -> int:
        return 0 if obj else 1


@admin.register(User)
class UserAdmin(AuditedModelAdmin):
    """Users of employers. Accounts of staff are made on the server: nobody raises own rights here.

    No password, code or secret passes this screen: who is added gets a link (security.md C19).
    """

    form = UserForm
    inlines = [MembershipInline]
    list_display = ["username", "full_name", "email", "employers", "state", "may_log_in"]
    may_log_in = in_words("is_active", "mag inloggen", boolean=True)
    list_filter = ["state", "is_active"]
    search_fields = ["username", "first_name", "last_name", "email"]
    search_help_text = "Naam, gebruikersnaam of e-mailadres"
    ordering = ["username"]
    linked_lookups = frozenset({"memberships__employer"})

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        users = User.objects.filter(is_staff=False, is_superuser=False)
        return users.prefetch_related("memberships__employer")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        person = {"fields": ["username", "first_name", "last_name", "email"]}
        if obj is None:
            return [(None, person)]
        account = {"fields": ["is_active", "state", "last_login", "invitations", "stand_ins"]}
        return [(None, person), ("Account", account)]

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return ["username", "state", "last_login", "invitations", "stand_ins"] if obj else []

    def get_urls(self) -> list[Any]:
        guard = self.admin_site.admin_view
        recover = guard(needs_confirmation(self.recover_page))
        return [
            path("<int:key>/uitnodigen/", guard(self.invite_page), name="accounts_user_invite"),
            path("<int:key>/accountherstel/", recover, name="accounts_user_recover"),
            *super().get_urls(),
        ]

    def object_links(self, request: HttpRequest, obj: User) -> list[tuple[str, str]]:
        log = f"{reverse('admin:accounts_auditevent_changelist')}?actor={obj.pk}"
        links = self._recovery_links(request, obj)
        if obj.state == User.State.ACTIVE:
            return [*links, ("Logboek", log)]
        links.append(("Opnieuw uitnodigen", self.address("invite", obj.pk)))
        if link := OneTimeLink.objects.activations().live().filter(user=obj).first():
            withdraw = reverse("admin:accounts_activationlink_withdraw", args=[link.pk])
            links.append(("Uitnodiging intrekken", withdraw))
        return [*links, ("Logboek", log)]

    def _recovery_links(self, request: HttpRequest, obj: User) -> list[tuple[str, str]]:
        """To what a colleague asked already, or to asking it."""
        if not staff(request).has_perm("accounts.add_accountrecovery"):
            return []
        if found := AccountRecovery.objects.open().filter(user=obj).first():
            address = reverse("admin:accounts_accountrecovery_change", args=[found.pk])
            return [("Accountherstel bekijken", address)]
        if not is_recoverable(obj):
            return []
        return [("Accountherstel aanvragen", self.address("recover", obj.pk))]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """A new user starts with what was typed in the request for access in `?aanvraag=`."""
        found = self._asked_by(request)
        if found is None:
            return {}
        audit.record(Action.ADMIN_VIEW, by=staff(request), obj=found)
        return {"first_name": found.initials, "last_name": found.surname, "email": found.email}

    def get_formset_kwargs(
        self, request: HttpRequest, obj: User, inline: Any, prefix: str
    ) -> dict[str, Any]:
        """And with the employer of the policy. Only to show: what is sent counts as filled in."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)
        found = self._asked_by(request) if request.method == "GET" and not obj.pk else None
        if policy := found and policy_numbered(found.policy_number):
            kwargs["initial"] = [{"employer": policy.employer_id}]
        return kwargs

    def _asked_by(self, request: HttpRequest) -> AccessRequest | None:
        """The request for access in `?aanvraag=`, for who may deal with it, while it waits."""
        if not staff(request).has_perm("accounts.change_accessrequest"):
            return None
        key = key_in(request, "aanvraag")
        return AccessRequest.objects.waiting().filter(pk=key).first() if key else None

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What follows from the change: an invitation, a new address, or the end of all logins."""
        super().save_related(request, form, formsets, change)
        user = form.instance
        if gone := [key for formset in formsets for key in formset.employers_left]:
            end_stand_ins(by=staff(request), user=user, employer_ids=gone)
        if not change:
            invite(by=staff(request), user=user)
            messages.info(request, f"{user} krijgt een e-mail met een link om te activeren.")
            if found := self._asked_by(request):
                invited = AccessRequest.Outcome.INVITED
                deal_with(by=staff(request), access_request=found, outcome=invited)
                messages.info(request, f"{found} is afgehandeld.")
        elif "email" in form.changed_data:
            former = form.initial["email"]
            follow_new_address(by=staff(request), user=user, former=former)
            if user.state != User.State.ACTIVE and AccountRecovery.objects.last_approved(user):
                messages.warning(request, NO_LINK)
        elif "is_active" in form.changed_data or any(formset.has_changed() for formset in formsets):
            end_sessions(by=staff(request), user=user)

    def invite_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """A new link by e-mail; the earlier one no longer works."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        user: User = self.get_object(request, str(key))

        def act(data: dict[str, Any]) -> str:
            with invitation_in_words():
                invite_again(by=staff(request), user=user)
            return f"{user} krijgt een e-mail met een nieuwe link."

        return self.task_page(
            request,
            forms.Form(*posted(request)),
            act=act,
            obj=user,
            done=self.address("change", user.pk),
            title="Opnieuw uitnodigen",
            button="Uitnodiging versturen",
            notes=[f"De link gaat naar {user.email}. Eerdere links werken daarna niet meer."],
        )

    def recover_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """For who lost password, telephone and back-up code: a colleague decides."""
        if not staff(request).has_perm("accounts.add_accountrecovery"):
            raise PermissionDenied
        user: User = self.get_object(request, str(key))

        def act(data: dict[str, Any]) -> str:
            return ask_from(request, user, data)

        return self.task_page(
            request,
            EvidenceForm(*posted(request)),
            act=act,
            obj=user,
            done=self.address("change", user.pk),
            title="Accountherstel aanvragen",
            button="Accountherstel aanvragen",
            notes=[
                "Alleen voor wie wachtwoord, telefoon en back-up code kwijt is. Bel eerst terug op"
                " het nummer van de polis.",
                f"Een collega beoordeelt dit binnen 24 uur. De link gaat dan naar {user.email}.",
                WHAT_HAPPENS,
            ],
        )

    @admin.display(description="naam")
    def full_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description="werkgevers")
    def employers(self, user: User) -> str:
        return ", ".join(membership.employer.name for membership in user.memberships.all())

    @admin.display(description="uitnodigingen")
    def invitations(self, user: User) -> SafeString | str:
        return history(user)

    @admin.display(description="vervangingen")
    def stand_ins(self, user: User) -> SafeString | str:
        """Running and to come: rights that a beheerder gave for a period."""
        rows = StandIn.objects.unfinished().filter(user=user).select_related("employer", "user")
        return format_html_join("", "<div>{}</div>", ((row,) for row in rows)) or "-"
