"""What stands on a page, as a browser would find it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """One `<form method="post">`: where it goes, and its fields with the values they start with."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)  # fields that a person does not type
    files: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[PageForm] = []
        self._open = False
        self._select = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = given.get("method", "").lower() == "post"
            if self._open:
                self.found.append(PageForm(given.get("action", "")))
        elif self._open and tag == "select":
            self._select = given.get("name", "")
            self.found[-1].fields.setdefault(self._select, "")
            self.found[-1].keys.add(self._select)
        elif self._open and tag == "option" and "selected" in given:
            self.found[-1].fields[self._select] = given.get("value", "")
        elif self._open and tag in {"input", "textarea", "button"} and given.get("name"):
            self._note(given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False

    def _note(self, given: dict[str, str]) -> None:
        form, name = self.found[-1], given["name"]
        if given.get("type") in {"hidden", "radio", "submit"}:
            form.keys.add(name)
        if given.get("type") == "file":
            form.files.add(name)
        elif given.get("type") not in {"radio", "checkbox"} or "checked" in given:
            form.fields[name] = given.get("value", "")
        else:
            form.fields.setdefault(name, "")


def own_forms(html: str, path: str) -> list[PageForm]:
    """The forms on the page that are posted to the page itself."""
    parser = _Forms()
    parser.feed(html)
    forms = [form for form in parser.found if form.action in {"", path}]
    for form in forms:
        form.fields.pop("csrfmiddlewaretoken", None)
        form.keys.discard("csrfmiddlewaretoken")
    return forms
