"""Collega's: what a beheerder sees and changes of who works for the own employers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts import audit, colleagues, confirmation
from accounts.actions import colleagues as actions
from accounts.actions import invitations
from accounts.audit import Action
from accounts.colleague_forms import InviteForm, RoleForm, StandInForm
from accounts.colleagues import Colleague
from accounts.confirmation import needs_confirmation
from accounts.http import UserRequest
from accounts.kept_forms import kept_data
from accounts.models import Membership, StandIn, User
from accounts.sign_in import stay_signed_in

View = Callable[Concatenate[UserRequest, ...], HttpResponseBase]


def for_beheerders(view: View) -> View:
    """For everybody else the pages are not there; nobody is asked to confirm before that."""

    @wraps(view)
    def wrapped(request: UserRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_beheerder:
            raise Http404
        return view(request, *args, **kwargs)

    return wrapped


def about[Found: (Colleague, StandIn)](
    find: Callable[[User, UUID], Found | None],
) -> Callable[[Callable[[UserRequest, Found], HttpResponse]], View]:
    """Of an act on one colleague or stand-in: finds that, or there is no such page; then asks to
    confirm."""

    def decorate(view: Callable[[UserRequest, Found], HttpResponse]) -> View:
        @wraps(view)
        def wrapped(request: UserRequest, uuid: UUID) -> HttpResponseBase:
            found = find(request.user, uuid)
            if found is None:
                raise Http404
            if not confirmation.is_confirmed(request):
                return confirmation.ask(request)
            if request.method != "POST":
                log_view(request, found)
            return view(request, found)

        return for_beheerders(wrapped)

    return decorate


def log_view(request: UserRequest, found: Colleague | StandIn) -> None:
    audit.record(Action.COLLEAGUES_VIEW, by=request.user, employer=found.employer, obj=found.user)


def attempt(form: forms.Form, act: Callable[[], object]) -> bool:
    """Does it; False, with the reason at the form, when it may not be done. Raises Http404."""
    try:
        act()
    except actions.RefusedError as error:
        form.add_error(None, str(error))
        return False
    except actions.NotTheirsError as error:
        raise Http404 from error
    return True


@for_beheerders
@require_safe
def colleague_list(request: UserRequest) -> HttpResponse:
    teams = colleagues.teams(request.user)
    shown = sum(len(team.colleagues) for team in teams)
    audit.record(Action.COLLEAGUES_VIEW, by=request.user, detail={"shown": shown})
    return render(request, "accounts/colleagues.html", {"teams": teams})


@for_beheerders
@require_safe
def colleague(request: UserRequest, uuid: UUID) -> HttpResponse:
    found = colleagues.colleague_with(request.user, uuid)
    if found is None:
        raise Http404
    log_view(request, found)
    return render(request, "accounts/colleague.html", {"colleague": found})


@for_beheerders
@needs_confirmation
@require_http_methods(["GET", "POST"])
def invite(request: UserRequest) -> HttpResponse:
    form = InviteForm(request.POST or kept_data(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        employer, role = form.chosen_employer, form.cleaned_data["role"]
        if attempt(
            form,
            lambda: invitations.invite_colleague(
                by=request.user, employer=employer, person=form.person, role=role
            ),
        ):
            messages.success(request, f"{form.person.email} krijgt een uitnodiging per e-mail.")
            return redirect("accounts:colleagues")
    return render(request, "accounts/colleague_invite.html", {"form": form})


@about(colleagues.colleague_with)
@require_http_methods(["GET", "POST"])
def again(request: UserRequest, found: Colleague) -> HttpResponse:
    """Another e-mail; what was sent earlier leads nowhere any more."""
    return ask_and_do(
        request,
        found,
        lambda: invitations.repeat(by=request.user, row=found.row),
        done=f"{found.email} krijgt opnieuw een uitnodiging per e-mail.",
        title="Opnieuw uitnodigen",
    )


@about(colleagues.colleague_with)
@require_http_methods(["GET", "POST"])
def withdraw(request: UserRequest, found: Colleague) -> HttpResponse:
    if not found.has_link:
        raise Http404
    return ask_and_do(
        request,
        found,
        lambda: invitations.withdraw(by=request.user, row=found.row),
        done=f"De uitnodiging van {found.name} is ingetrokken.",
        title="Uitnodiging intrekken",
    )


def ask_and_do(
    request: UserRequest, found: Colleague, act: Callable[[], None], *, done: str, title: str
) -> HttpResponse:
    """A page with one button, about somebody who was invited and is not in yet."""
    if not found.is_on_the_way:
        raise Http404
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(form, act):
        messages.success(request, done)
        return redirect("accounts:colleague", found.uuid)
    context = {"form": form, "colleague": found, "title": title}
    return render(request, "accounts/colleague_invitation.html", context)


@about(colleagues.colleague_with)
@require_http_methods(["GET", "POST"])
def role(request: UserRequest, found: Colleague) -> HttpResponse:
    form = RoleForm(request.POST or None, initial={"role": found.role})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["role"]
        if attempt(form, lambda: change_role(request.user, found, chosen)):
            messages.success(request, f"De rol van {found.name} is opgeslagen.")
            return done(request, found)
    return render(request, "accounts/colleague_role.html", {"form": form, "colleague": found})


@about(colleagues.colleague_with)
@require_http_methods(["GET", "POST"])
def remove(request: UserRequest, found: Colleague) -> HttpResponse:
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(form, lambda: end_access(request.user, found)):
        gone = f"{found.name} heeft geen toegang meer tot {found.employer} in het portaal."
        messages.success(request, gone)
        return done(request, found, is_gone=True)
    return render(request, "accounts/colleague_remove.html", {"form": form, "colleague": found})


@about(colleagues.colleague_with)
@require_http_methods(["GET", "POST"])
def stand_in_give(request: UserRequest, found: Colleague) -> HttpResponse:
    if not found.is_active or found.is_self:
        raise Http404
    form = StandInForm(request.POST or kept_data(request), user=request.user)
    if request.method == "POST" and form.is_valid():
        days = {name: form.cleaned_data[name] for name in ("role", "starts_on", "ends_on")}
        employer, user = form.chosen_employer, found.user
        if attempt(
            form,
            lambda: actions.give_stand_in(by=request.user, employer=employer, user=user, **days),
        ):
            messages.success(request, f"Bij {employer} is {found.name} als vervanger vastgelegd.")
            return redirect("accounts:colleagues")
    return render(request, "accounts/stand_in_give.html", {"form": form, "colleague": found})


@about(colleagues.stand_in_with)
@require_http_methods(["GET", "POST"])
def stand_in_end(request: UserRequest, found: StandIn) -> HttpResponse:
    """Asks once more, then ends it before its last day."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    if form.is_valid() and attempt(
        form, lambda: actions.end_stand_in(by=request.user, stand_in=found)
    ):
        messages.success(request, f"De vervanging door {found.user} is beëindigd.")
        return go_on(request, found.user)
    return render(request, "accounts/stand_in_end.html", {"form": form, "stand_in": found})


def change_role(by: User, found: Colleague, role: str) -> None:
    if isinstance(found.row, Membership):
        actions.change_role(by=by, membership=found.row, role=role)
    else:
        invitations.change_offered_role(by=by, offer=found.row, role=role)


def end_access(by: User, found: Colleague) -> None:
    if isinstance(found.row, Membership):
        actions.end_membership(by=by, membership=found.row)
    else:
        invitations.close_offer(by=by, offer=found.row)


def done(request: UserRequest, found: Colleague, *, is_gone: bool = False) -> HttpResponse:
    """Back to the colleague, or to the list when there is none any more."""
    if is_gone or found.is_self:
        return go_on(request, found.user)
    return redirect("accounts:colleague", found.uuid)


def go_on(request: UserRequest, changed: User) -> HttpResponse:
    """To the list; who changed his own access stays logged in here, and may have lost it."""
    if changed.pk != request.user.pk:
        return redirect("accounts:colleagues")
    user = User.objects.get(pk=changed.pk)
    stay_signed_in(request, user)
    return redirect("accounts:colleagues" if user.is_beheerder else "portal:start")
