"""How every form of the portal draws itself: our field templates come before Django's."""

from typing import Any

from django.forms import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString


class PortalBoundField(BoundField):
    """A field as the portal shows it: no colon behind the label, "(niet verplicht)" where so."""

    @property
    def is_optional(self) -> bool:
        """May stay empty in every case.

        A form lists in `conditional_fields` what is required only after another answer; such a
        field is not required for Django, yet must not be called "niet verplicht".
        """
        conditional: set[str] = getattr(self.form, "conditional_fields", set())
        is_box = self.widget_type == "checkbox"  # an unticked box is an answer
        return not (self.field.required or is_box or self.name in conditional)

    @property
    def anchor(self) -> str:
        """Id of the element that the error summary jumps to: the first choice of a group."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.auto_id

    @property
    def full_label(self) -> str:
        """The label with the group it stands in, for where that is not seen (`groups` of a form).

        "Verpleegadres: postcode", when the page has another field that is called "Postcode".
        """
        group = getattr(self.form, "groups", {}).get(self.name)
        return f"{group}: {self.label.lower()}" if group else str(self.label)

    def label_tag(
        self,
        contents: str | None = None,
        attrs: dict[str, Any] | None = None,
        label_suffix: str | None = None,
        tag: str | None = None,
    ) -> SafeString:
        return super().label_tag(contents, attrs, label_suffix or "", tag)


class PortalRenderer(TemplatesSetting):
    """Field templates live in templates/django/forms/; see docs/look.md."""

    bound_field_class = PortalBoundField
