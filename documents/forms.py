"""What people type and choose to put documents in a Trajectendossier."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import capfirst

from absence.models import Trajectory
from accounts.forms import SubmissionForm
from documents.checks import EXTENSIONS, CheckedFile, check, clean_name
from documents.models import Document
from dossiers.models import Dossier

if TYPE_CHECKING:
    from accounts.models import User

NO_FILES = "Kies een of meer bestanden."
FILES_NOT_KEPT = "Uw bestanden zijn niet bewaard toen u opnieuw inlogde. Kies ze opnieuw."
CHOOSE_AGAIN = "Kies uw bestanden opnieuw: er is nog niets opgeslagen."
BODY_TOO_LARGE = "Deze bestanden zijn samen te groot. Kies er minder tegelijk."
TOO_MANY = (
    f"U kunt {settings.DOCUMENT_MAX_FILES} bestanden tegelijk toevoegen. "
    "Voeg deze hierna apart toe."
)
TOO_OFTEN = (
    "U hebt in een uur heel vaak bestanden verstuurd. Wacht {} en kies ze dan opnieuw: er is nog "
    "niets opgeslagen."
)
DAY_IS_FULL = (
    "Uw bedrijf heeft vandaag al zo veel documenten toegevoegd dat deze er niet meer bij passen. "
    "Er is niets opgeslagen. Kies minder bestanden, of kies ze over {} opnieuw."
)
NAMES_SHOWN = 10
TRAY_FILES = 40  # with script each goes by itself, so that a form holds one
# In lower case, without accents; of two that fit, the longest word counts.
FOLDER_WORDS = {
    Document.Folder.CONTRACT: "arbeidsovereenkomst overeenkomst contract uitzendbevestiging",
    Document.Folder.PAYSLIP: "loonstrook loonstroken loonspecificatie salarisstrook "
    "salarisspecificatie salaris payslip loon",
    Document.Folder.ABSENCE_OVERVIEW: "verzuimoverzicht verzuim absentie ziekteverzuim",
}
STORAGE_DOWN = (
    "Wij kunnen uw bestanden nu niet bewaren. Er is niets opgeslagen. Kies ze over een kwartier "
    "opnieuw, of bel 024-374 16 60."
)


class CheckedFileField(forms.FileField):
    """One file, judged by its content: gives a CheckedFile. For the screens of staff."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not isinstance(data, UploadedFile):
            return super().clean(data, initial)
        return check(data)


class ManyFilesInput(forms.FileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Any number of files as they came; the form judges them one by one."""

    widget = ManyFilesInput(
        attrs={
            "accept": ",".join(EXTENSIONS),
            "data-max-bytes": settings.DOCUMENT_MAX_BYTES,
            "data-max-files": settings.DOCUMENT_MAX_FILES,
        }
    )

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        return list(data)


class FilesForm(forms.Form):
    """Files of which nobody said yet whose they are. Its script sends each to a dossier's page."""

    uploads = ManyFilesField(
        label="Bestanden",
        help_text=f"PDF, JPEG of PNG, hoogstens {settings.DOCUMENT_MAX_BYTES // 1024**2} MB per "
        f"bestand. Sleep ze hierheen of kies ze: {TRAY_FILES} tegelijk, van meer werknemers "
        "door elkaar.",
    )


class FileNameForm(forms.Form):
    """The name of a file, to propose whose it is. Never leaves the body of a POST."""

    name = forms.CharField(max_length=255)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that is not stored, and why."""

    name: str
    reason: str

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}"


class UploadForm(SubmissionForm):
    """Documents of one employee. Valid as soon as one file is good.

    `cleaned_data["uploads"]` holds the good files as CheckedFile, `refused` the others;
    `show_refused` makes those errors, once the good ones are stored. `wait` is how many seconds
    from now it may be tried again, when it was too much.
    """

    wait = 0

    trajectory = forms.ChoiceField(
        label="Traject",
        error_messages={"invalid_choice": "Kies een traject van deze werknemer."},
    )
    folder = forms.ChoiceField(
        label="Submap",
        choices=[(folder.value, capfirst(folder.label)) for folder in Document.EMPLOYER_FOLDERS],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies in welke submap de bestanden horen."},
    )
    uploads = ManyFilesField(
        label="Bestanden",
        help_text=f"PDF, JPEG of PNG, hoogstens {settings.DOCUMENT_MAX_BYTES // 1024**2} MB per "
        f"bestand. U kunt {settings.DOCUMENT_MAX_FILES} bestanden tegelijk kiezen.",
    )

    def __init__(
        self, *args: Any, user: "User", dossier: Dossier, no_files: str = NO_FILES, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.dossier = dossier
        self.refused: list[Refused] = []
        self.fields["uploads"].error_messages["required"] = no_files
        self.trajectories = list(
            Trajectory.objects.visible_to(user).filter(dossier=dossier).newest_first()
        )
        field = self.fields["trajectory"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(str(report.uuid), _in_words(report)) for report in self.trajectories]
        self.initial["trajectory"] = _usual(self.trajectories)

    @property
    def reports(self) -> list[dict[str, Any]]:
        """What a row of the tray offers, and what it proposes by."""
        return [
            {
                "uuid": report.uuid,
                "words": _in_words(report),
                "first_sick_day": report.first_sick_day,
                "recovered_on": report.recovered_on,
            }
            for report in self.trajectories
        ]

    @property
    def folders(self) -> list[dict[str, str]]:
        """The same for the folders, with the words of a file name that speak for each."""
        return [
            {"value": folder.value, "label": capfirst(folder.label), "words": FOLDER_WORDS[folder]}
            for folder in Document.EMPLOYER_FOLDERS
        ]

    @property
    def reasons(self) -> list[str]:
        """Why the one file of a row of the tray is not saved, without its name."""
        if self.refused:
            return [refused.reason for refused in self.refused]
        return [str(error) for errors in self.errors.values() for error in errors]

    def clean_trajectory(self) -> Trajectory:
        uuid = self.cleaned_data["trajectory"]
        return next(report for report in self.trajectories if str(report.uuid) == uuid)

    def clean_uploads(self) -> list[CheckedFile]:
        """The good files; an error only when there is none."""
        files = self.cleaned_data["uploads"]
        good: dict[str, CheckedFile] = {}
        for file in files[: settings.DOCUMENT_MAX_FILES]:
            self._judge(file, good)
        if rest := files[settings.DOCUMENT_MAX_FILES :]:
            self.refused.append(Refused(_some_names(rest), TOO_MANY))
        if not good:
            raise ValidationError([str(refused) for refused in self.refused])
        return list(good.values())

    def clean(self) -> dict[str, Any]:
        """A browser sends a file once: after another mistake the user chooses the files again."""
        if self.errors and "uploads" in self.cleaned_data:
            self.add_error("uploads", CHOOSE_AGAIN)
        return self.cleaned_data

    def show_refused(self) -> None:
        """The good files are stored now: the form only says what is wrong with the others."""
        for refused in self.refused:
            self.add_error("uploads", str(refused))

    def _judge(self, file: "UploadedFile[Any]", good: dict[str, CheckedFile]) -> None:
        try:
            checked = check(file)
        except ValidationError as error:
            self.refused.append(Refused(clean_name(file.name or ""), str(error.message)))
            return
        if same := good.get(checked.sha256):
            self.refused.append(Refused(checked.name, f"Dit is hetzelfde bestand als {same.name}."))
        good.setdefault(checked.sha256, checked)


def _in_words(report: Trajectory) -> str:
    """A sick report is recognised by its first day."""
    until = f"hersteld per {report.recovered_on:%d-%m-%Y}" if report.recovered_on else "nog ziek"
    return f"Ziekmelding {report.first_sick_day:%d-%m-%Y}, {until}"


def _usual(reports: list[Trajectory]) -> str:
    """The open report, else the most recent one; of reports that are newest first."""
    usual = next((report for report in reports if report.is_open), reports[0] if reports else None)
    return str(usual.uuid) if usual else ""


def _some_names(files: "list[UploadedFile[Any]]") -> str:
    """Which files, without listing hundreds."""
    names = ", ".join(clean_name(file.name or "") for file in files[:NAMES_SHOWN])
    more = len(files) - NAMES_SHOWN
    return f"{names} en {more} andere" if more > 0 else names
