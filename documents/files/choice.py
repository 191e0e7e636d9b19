"""Which documents of a Trajectendossier are asked for: what stands in the address, in Dutch words.

No name and no day: a folder, who sent it, and the public uuid of a sick report.
"""

from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict

from documents.models import Document, DocumentQuerySet

FOLDERS = {folder.label: folder.value for folder in Document.Folder}
SENDERS = {
    "werkgever": (Document.Source.EMPLOYER, "Uw organisatie"),
    "hcs": (Document.Source.HCS, "HCS"),
    "incomfort": (Document.Source.INCOMFORT, "InComfort"),
}
# A statement lies in the dossier of the company, which has nothing to choose from.
OFFERED_FOLDERS = [label for label, value in FOLDERS.items() if value != Document.Folder.STATEMENT]
OFFERED_SENDERS = [("werkgever", "Uw organisatie"), ("hcs", "HCS")]


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for; nothing asks for all. `is_wrong`: the address asks for what is not."""

    folder: str = ""
    sender: str = ""
    report: UUID | None = None
    is_wrong: bool = False

    @classmethod
    def asked_by(cls, query: QueryDict) -> "Choice":
        """What can be understood of the address; the rest is left out, and said."""
        folder, sender = query.get("submap", ""), query.get("afzender", "")
        report = _uuid(query.get("traject", ""))
        found = cls(
            folder=folder if folder in FOLDERS else "",
            sender=sender if sender in SENDERS else "",
            report=report,
        )
        asked = bool(folder), bool(sender), bool(query.get("traject"))
        understood = bool(found.folder), bool(found.sender), report is not None
        return replace(found, is_wrong=asked != understood)

    @property
    def is_all(self) -> bool:
        return not (self.folder or self.sender or self.report)

    @property
    def query(self) -> str:
        """The address's part that asks for this again; "" for all."""
        parts = {"submap": self.folder, "afzender": self.sender, "traject": self.report or ""}
        return urlencode({name: value for name, value in parts.items() if value})

    @property
    def folders(self) -> list[Option]:
        return [
            Option(label, label.capitalize(), label == self.folder) for label in OFFERED_FOLDERS
        ]

    @property
    def senders(self) -> list[Option]:
        return [Option(value, label, value == self.sender) for value, label in OFFERED_SENDERS]

    def of(self, documents: DocumentQuerySet) -> DocumentQuerySet:
        if self.folder:
            documents = documents.filter(folder=FOLDERS[self.folder])
        if self.sender:
            documents = documents.filter(source=SENDERS[self.sender][0])
        if self.report:
            documents = documents.filter(trajectory__uuid=self.report)
        return documents


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
