"""What an employer fills in to take back a document of its own."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from documents.checks import EXTENSIONS
from documents.forms import NO_FILES, UploadForm
from documents.models import Document

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import User


class OneFileField(forms.FileField):
    """One file as it came, in a list: the form judges it as it does many."""

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        if not data:
            raise ValidationError(self.error_messages["required"], code="required")
        return [data]


class ReplaceForm(UploadForm):
    """The file that comes instead. Report and folder are those of the document."""

    def __init__(
        self,
        *args: Any,
        document: Document,
        user: "User",
        no_files: str = NO_FILES,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, user=user, dossier=document.dossier, **kwargs)
        del self.fields["trajectory"], self.fields["folder"]
        self.fields["uploads"] = OneFileField(
            label="Nieuw bestand",
            help_text=f"PDF, JPEG of PNG, hoogstens {settings.DOCUMENT_MAX_BYTES // 1024**2} MB.",
            error_messages={"required": no_files},
            widget=forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}),
        )
