"""What an employer chooses to give a document that was asked for."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst

from documents.forms import UploadForm
from documents.models import Document, RequestItem
from documents.requests.answering import NOT_TO_GIVE, documents_to_give
from dossiers.models import Dossier

if TYPE_CHECKING:
    from accounts.models import User

NOT_ASKED = "InComfort vraagt dit document niet meer. Kies een ander, of dat het er niet bij hoort."
ELSEWHERE = (
    "{} hoort bij ziekmelding {}, submap {}. Kies die, of kies dat het niet bij een verzoek hoort."
)
MOST_OFFERED = 30  # to choose from with a glance; what is older can be added anew


class AskedUploadForm(UploadForm):
    """The form to add documents, on which files can also be said to be what was asked for.

    `cleaned_data["asked"]` is that item or None; a folder that was not chosen follows from it.
    """

    field_order = ["submission", "trajectory", "folder", "asked", "uploads"]
    asked = forms.ChoiceField(
        label="Hoort bij een gevraagd document",
        required=False,
        error_messages={"invalid_choice": NOT_ASKED},
        help_text="Dan wordt het afgevinkt en kijkt InComfort ernaar.",
    )

    def __init__(self, *args: Any, user: "User", dossier: Dossier, **kwargs: Any) -> None:
        super().__init__(*args, user=user, dossier=dossier, **kwargs)
        items = RequestItem.objects.visible_to(user).running_in(dossier)
        self.asked_items = list(items)
        field = self.fields["asked"]
        assert isinstance(field, forms.ChoiceField)
        choices = [(str(item.uuid), _in_words(item)) for item in self.asked_items]
        field.choices = [("", "Nee, niet bij een verzoek"), *choices]
        self.fields["folder"].required = not self.data.get("asked")

    @property
    def owed(self) -> list[RequestItem]:
        """What InComfort still waits for about this employee."""
        return [item for item in self.asked_items if item.is_open]

    def clean_asked(self) -> RequestItem | None:
        uuid = self.cleaned_data["asked"]
        return next((item for item in self.asked_items if str(item.uuid) == uuid), None)

    def clean(self) -> dict[str, Any]:
        """What was asked is of one report and one kind: other files do not tick it."""
        item, report = self.cleaned_data.get("asked"), self.cleaned_data.get("trajectory")
        if item and report:
            folder = self.cleaned_data.get("folder") or item.folder
            self.cleaned_data["folder"] = folder
            if (report, folder) != (item.trajectory, item.folder):
                day = f"{item.trajectory.first_sick_day:%d-%m-%Y}"
                self.add_error("asked", ELSEWHERE.format(item, day, item.get_folder_display()))
        return super().clean()


class FromDossierForm(forms.Form):
    """A document that lies in the Trajectendossier already, for what was asked."""

    document = forms.ChoiceField(
        label="Document",
        error_messages={"required": "Kies een document.", "invalid_choice": NOT_TO_GIVE},
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, user: "User", item: RequestItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.documents = list(documents_to_give(item, by=user)[:MOST_OFFERED])
        field = self.fields["document"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(document.uuid), _as_choice(document)) for document in self.documents]

    def clean_document(self) -> Document:
        uuid = self.cleaned_data["document"]
        return next(document for document in self.documents if str(document.uuid) == uuid)


class ItemUploadForm(UploadForm):
    """The form to add documents, with the report and the kind that were asked for."""

    def __init__(self, *args: Any, item: RequestItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.trajectories = [
            report for report in self.trajectories if report.pk == item.trajectory_id
        ]
        self._fix("trajectory", self.reports[0]["uuid"], self.reports[0]["words"])
        self._fix("folder", item.folder, item.get_folder_display())

    @property
    def folders(self) -> list[dict[str, str]]:
        """The one kind that was asked for, whatever the file is called."""
        return [{"value": self.item.folder, "label": capfirst(self.item.get_folder_display())}]

    def _fix(self, name: str, value: Any, words: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(value), words)]
        field.widget = forms.HiddenInput()
        self.initial[name] = str(value)


def _in_words(item: RequestItem) -> str:
    state = "" if item.is_open else ", al aangeleverd"
    return f"{item} (ziekmelding {item.trajectory.first_sick_day:%d-%m-%Y}{state})"


def _as_choice(document: Document) -> str:
    added = timezone.localdate(document.added_at)
    return f"{document.name} ({document.get_folder_display()}, toegevoegd op {added:%d-%m-%Y})"
