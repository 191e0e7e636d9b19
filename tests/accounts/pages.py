"""The portal's addresses and two pages of our own behind the gate: `pytest.mark.urls` names it."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from accounts.kept_forms import kept_data
from portal.urls import handler400, handler403, handler404, handler500  # noqa: F401
from portal.urls import urlpatterns as portal_urlpatterns


def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"achter de poort: {request.user.username}")


class NoteForm(forms.Form):
    note = forms.CharField()
    tags = forms.MultipleChoiceField(choices=[("a", "A"), ("b", "B"), ("c", "C")], required=False)


@require_http_methods(["GET", "POST"])
def form_page(request: HttpRequest, pk: int) -> HttpResponse:
    form = NoteForm(request.POST or kept_data(request) or None)
    if request.method == "POST" and form.is_valid():
        return HttpResponse(f"opgeslagen: {form.cleaned_data['note']}")
    return HttpResponse(f"{pk}: {form['note'].value()} {form['tags'].value()}")


own_pages = [
    path("pagina/", page, name="page"),
    path("formulier/<int:pk>/", form_page, name="form"),
]
urlpatterns = [*portal_urlpatterns, path("proef/", include((own_pages, "proef")))]
