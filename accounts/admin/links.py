"""Invitations on their way to an active account: how far each came, and where it got stuck."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.actions.users import (
    AddressChangedError,
    AlreadyActiveError,
    NothingToWithdrawError,
    TooManyInvitationsError,
    invite_again,
    withdraw_invitation,
)
from accounts.admin_base import AuditedModelAdmin, in_words, posted, staff
from accounts.admin_filters import QueueFilter
from accounts.models import ActivationLink, OneTimeLink, User

State = User.State
# Where somebody is who came so far: what was done, and what comes next.
WHEREABOUTS = {
    State.INVITED: "Nog geen wachtwoord gekozen",
    State.PASSWORD_SET: "Wachtwoord gekozen, tweede stap nog niet ingesteld",
    State.FACTOR_CONFIRMED: "Tweede stap ingesteld, back-up code nog niet bekeken",
    State.BACKUP_SHOWN: "Back-up code bekeken, nog niet bevestigd dat die is bewaard",
    State.ACTIVE: "Account is actief",
}


def moment(at: datetime) -> str:
    return f"{timezone.localtime(at):%d-%m-%Y %H:%M}"


def fate(link: OneTimeLink) -> str:
    """What became of the link itself."""
    if link.used_at:
        return f"Gebruikt op {moment(link.used_at)}"
    if link.withdrawn_by_id and link.revoked_at:
        return f"Ingetrokken op {moment(link.revoked_at)}"
    if link.revoked_at:
        return f"Vervallen op {moment(link.revoked_at)}"
    word = "Verlopen op" if link.expires_at <= timezone.now() else "Geldig tot"
    return f"{word} {moment(link.expires_at)}"


def delivery(link: OneTimeLink) -> str:
    """Whether the e-mail went out."""
    message = link.message
    if message is None:
        return "-"
    words = message.get_state_display()
    return f"{words} op {moment(message.sent_at)}" if message.sent_at else words


def opened(link: OneTimeLink) -> str:
    return f"Op {moment(link.opened_at)}" if link.opened_at else "Nee"


def whereabouts(user: User) -> str:
    return f"{WHEREABOUTS[State(user.state)]} (sinds {moment(user.state_at)})"


def history(user: User) -> SafeString | str:
    """Each link that this user was sent, newest first, in one line."""
    links = user.links.filter(purpose=OneTimeLink.Purpose.ACTIVATION).select_related("message")
    links = links.defer("message__recipient", "message__text")
    lines = (
        (moment(link.created_at), delivery(link), opened(link).lower(), fate(link))
        for link in links
    )
    return format_html_join("", "<div>{}. E-mail: {}. Geopend: {}. {}.</div>", lines) or "-"


@contextmanager
def invitation_in_words() -> Iterator[None]:
    try:
        yield
    except AlreadyActiveError as error:
        raise ValidationError("Dit account is al geactiveerd.") from error
    except AddressChangedError as error:
        raise ValidationError(
            "Na het herstel van dit account is het e-mailadres gewijzigd. Vraag opnieuw"
            " accountherstel aan."
        ) from error
    except TooManyInvitationsError as error:
        raise ValidationError(
            "Deze gebruiker kreeg vandaag al drie keer een nieuwe link, of dit adres kreeg kort"
            " geleden al meer links. Probeer het morgen, of bel de gebruiker."
        ) from error
    except NothingToWithdrawError as error:
        raise ValidationError("Er is geen link meer die werkt.") from error


class StageFilter(QueueFilter):
    """Who is not in yet, unless asked otherwise."""

    default = "Nog niet geactiveerd"
    options = (("aandacht", "Vraagt aandacht"),)
    searches_all = True

    def select(self, rows: QuerySet[Any], option: str) -> QuerySet[Any]:
        links = ActivationLink.objects
        return rows.filter(pk__in=links.needing_attention() if option else links.unfinished())


@admin.register(ActivationLink)
class ActivationLinkAdmin(AuditedModelAdmin):
    """One invitation: to follow, to repeat and to withdraw. The link itself nobody can see."""

    fieldsets = [
        (None, {"fields": ["user", "email", "employers", "progress"]}),
        ("Link", {"fields": ["sent", "sender", "mail", "is_opened", "outcome", "withdrawer"]}),
    ]
    sender = in_words("created_by", "verstuurd door")
    withdrawer = in_words("withdrawn_by", "ingetrokken door")
    list_display = ["user", "employers", "sent", "mail", "is_opened", "progress", "outcome", "acts"]
    list_filter = [StageFilter]
    list_select_related = ["user", "message"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email"]
    search_help_text = "Naam, gebruikersnaam of e-mailadres"
    ordering = ["-pk"]
    sortable_by = ()
    unread_in_lists = ("message__recipient", "message__text", "new_address")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        links = ActivationLink.objects.filter(purpose=OneTimeLink.Purpose.ACTIVATION)
        return links.prefetch_related("user__memberships__employer")

    def has_change_permission(
        self, request: HttpRequest, obj: ActivationLink | None = None
    ) -> bool:
        """The permission to change is that of the two acts: they ask for it."""
        return False

    def get_urls(self) -> list[Any]:
        guard = self.admin_site.admin_view
        again, withdraw = guard(self.again_page), guard(self.withdraw_page)
        return [
            path("<int:key>/opnieuw-uitnodigen/", again, name="accounts_activationlink_again"),
            path("<int:key>/intrekken/", withdraw, name="accounts_activationlink_withdraw"),
            *super().get_urls(),
        ]

    def title_of(self, obj: ActivationLink) -> str:
        return f"{obj.user}, uitgenodigd op {moment(obj.created_at)}"

    def object_links(self, request: HttpRequest, obj: ActivationLink) -> list[tuple[str, str]]:
        return self._acts(obj) if self._may_act(request) else []

    def again_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """A new link by e-mail; the earlier one no longer works."""
        link = self._to_act_on(request, key)

        def act(data: dict[str, Any]) -> str:
            with invitation_in_words():
                invite_again(by=staff(request), user=link.user)
            return f"{link.user} krijgt een e-mail met een nieuwe link."

        return self._act_page(
            request,
            link,
            act,
            title="Opnieuw uitnodigen",
            button="Uitnodiging versturen",
            notes=[f"De link gaat naar {link.user.email}. Eerdere links werken daarna niet meer."],
        )

    def withdraw_page(self, request: HttpRequest, key: int) -> HttpResponse:
        """The link is void at once, also for who is on the way."""
        link = self._to_act_on(request, key)

        def act(data: dict[str, Any]) -> str:
            with invitation_in_words():
                withdraw_invitation(by=staff(request), user=link.user)
            return f"De uitnodiging van {link.user} is ingetrokken."

        return self._act_page(
            request,
            link,
            act,
            title="Intrekken",
            button="Uitnodiging intrekken",
            notes=[
                "De link werkt daarna niet meer, ook niet voor wie al bezig is. De gebruiker krijgt"
                " geen bericht. Later opnieuw uitnodigen kan."
            ],
        )

    def _act_page(
        self, request: HttpRequest, link: ActivationLink, act: Any, **context: Any
    ) -> HttpResponse:
        form = forms.Form(*posted(request))
        return self.task_page(request, form, act=act, obj=link, **context)

    def _to_act_on(self, request: HttpRequest, key: int) -> ActivationLink:
        """Raises PermissionDenied and Http404."""
        if not self._may_act(request):
            raise PermissionDenied
        link: ActivationLink = self.get_object(request, str(key))
        return link

    def _may_act(self, request: HttpRequest) -> bool:
        return staff(request).has_perm("accounts.change_activationlink")

    def _acts(self, link: ActivationLink) -> list[tuple[str, str]]:
        """What can be done now; nothing with a link that a newer one replaced."""
        is_replaced = link.revoked_at and not link.withdrawn_by_id
        if link.user.state == State.ACTIVE or not link.user.is_active or is_replaced:
            return []
        acts = [("Opnieuw uitnodigen", self.address("again", link.pk))]
        if not link.revoked_at and link.expires_at > timezone.now():
            acts.append(("Intrekken", self.address("withdraw", link.pk)))
        return acts

    @admin.display(description="werkgevers")
    def employers(self, link: ActivationLink) -> str:
        rows = link.user.memberships.all()
        return ", ".join(row.employer.name for row in rows) or "-"

    @admin.display(description="e-mailadres")
    def email(self, link: ActivationLink) -> str:
        return link.user.email

    @admin.display(description="verstuurd")
    def sent(self, link: ActivationLink) -> str:
        return moment(link.created_at)

    @admin.display(description="e-mail")
    def mail(self, link: ActivationLink) -> str:
        return delivery(link)

    @admin.display(description="geopend")
    def is_opened(self, link: ActivationLink) -> str:
        return opened(link)

    @admin.display(description="waar gebleven")
    def progress(self, link: ActivationLink) -> str:
        return whereabouts(link.user)

    @admin.display(description="link")
    def outcome(self, link: ActivationLink) -> str:
        return fate(link)

    @admin.display(description="doen")
    def acts(self, link: ActivationLink) -> SafeString | str:
        links = ((address, words, link.user) for words, address in self._acts(link))
        words = '<a href="{}">{}<span class="visually-hidden">: {}</span></a>'
        return format_html_join(" ", words, links) or "-"
