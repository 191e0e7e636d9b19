"""An invitation for somebody who has an account: accepted or declined by its owner."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions.colleagues import NotTheirsError
from accounts.actions.invitations import accept_offer, decline_offer
from accounts.http import UserRequest
from accounts.models import AccessOffer


class AnswerForm(forms.Form):
    """Which of the two buttons was pressed."""

    answer = forms.ChoiceField(
        choices=[("ja", "Aannemen"), ("nee", "Afwijzen")],
        widget=forms.HiddenInput,
        error_messages={
            "required": "Kies een van de knoppen.",
            "invalid_choice": "Kies een van de knoppen.",
        },
    )


@require_http_methods(["GET", "POST"])
def offer(request: UserRequest, uuid: UUID) -> HttpResponse:
    """Only its owner finds it, while it can be accepted. To decline asks for no more than that."""
    offers = AccessOffer.objects.visible_to(request.user).select_related("employer")
    found = offers.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "accounts/offer.html", {"offer": found, "form": form})
    try:
        if form.cleaned_data["answer"] == "ja":
            accept_offer(by=request.user, offer=found)
            messages.success(request, f"U hebt de uitnodiging van {found.employer} aangenomen.")
            return redirect("portal:start")
        decline_offer(by=request.user, offer=found)
    except NotTheirsError as error:
        raise Http404 from error
    messages.success(request, f"U hebt de uitnodiging van {found.employer} afgewezen.")
    return redirect("accounts:account")
