"""What an employer chooses for a document that was asked for."""

from typing import Any

from django import forms
from django.utils.text import capfirst

from documents.forms import UploadForm
from documents.models import RequestItem


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
