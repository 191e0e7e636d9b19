"""The short way to a value gives what Django gives, of whatever stands there."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import Context, Engine, Template
from django.template.base import VariableNode
from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

from portal.quick_nodes import QuickFor, QuickInclude, QuickVariable, quicken
from portal.templatetags.attributes import as_attributes


class Row:
    name = "<Jansen & zn>"
    number = 1234567
    amount = Decimal("1234.50")
    day = date(2026, 3, 2)
    nothing = None
    safe = mark_safe("<b>")
    words = lazystr("<i>")
    parts = ("een", "twee")
    table: dict[str, Any] = {"key": "<value>", "items": "een sleutel die zo heet"}

    def method(self) -> str:
        return "<geroepen>"

    def wants(self, more: str) -> str:
        return more

    def harmful(self) -> str:
        raise AssertionError("called")

    harmful.alters_data = True  # type: ignore[attr-defined]

    @property
    def missing(self) -> str:
        raise MissingError

    @property
    def broken(self) -> str:
        raise AttributeError("broken inside")

    def __getitem__(self, key: str) -> str:
        return {"by_key": "<sleutel>"}[key]


class MissingError(ObjectDoesNotExist):
    """As of a row's missing other half: a template shows nothing for it."""


class Kind:
    do_not_call_in_templates = True

    def __call__(self) -> str:
        raise AssertionError("called")

    def __str__(self) -> str:
        return "<kind>"


VALUES = {
    "row": Row(),
    "text": "'quoted' \"twice\"",
    "call": lambda: "<result>",
    "kind": Kind(),
    "number": 5,
    "yes": True,
    "empty": [],
    "pairs": [("<a>", 1), ["b", None]],
    "inner": SimpleNamespace(row=Row(), call=Row),
}
NAMES = [
    *(f"row.{name}" for name in dir(Row) if not name.startswith("_") and name != "broken"),
    *("text", "call", "kind", "number", "yes", "None", "unknown", "row.unknown", "unknown.name"),
    *("row.by_key", "row.parts.1", "row.parts.9", "row.table.key", "row.table.items"),
    *("row.table.unknown", "text.upper", "inner.row.name", "inner.call.name", "row.name.unknown"),
    *("row.day|date:'d-m-Y'", "row.name|lower", "unknown|default:text", "text|default:row.name"),
    "row.name|safe",
]
SOURCES = [
    *(f"{{{{ {name} }}}}" for name in NAMES),
    *(f"{{% if {name} %}}ja{{% else %}}nee{{% endif %}}" for name in NAMES),
    "{% if number == 5 and row.number > number %}ja{% endif %}",
    "{% for part in row.parts %}{{ forloop.counter }} {{ part }}{% empty %}-{% endfor %}",
    "{% for a, b in pairs %}{{ forloop.counter0 }}{{ a }}{{ b }}{% endfor %}",
    "{% for a, b in pairs %}{% for part in row.parts %}{{ forloop.parentloop.counter }}{{ a }}"
    "{{ forloop.revcounter }}{% if forloop.last %}{{ forloop.parentloop.first }}{% endif %}"
    "{% endfor %}{% endfor %}{{ a }}",
    "{% for part in row.parts %}{% cycle 'x' 'y' %}{{ forloop.revcounter0 }}{% endfor %}{{ part }}",
    "{% for part in row.parts %}{% firstof part as seen %}{{ seen }}{% endfor %}{{ seen }}",
    "{% for a, b in pairs %}{{ seen }}{% firstof a as seen %}{{ seen }}{% endfor %}{{ seen }}",
    "{% for part in empty %}x{% empty %}{% firstof text as seen %}{{ seen }}{% endfor %}{{ seen }}",
    "{% for part in row.parts reversed %}{{ part }}{% endfor %}",
    "{% for key in row.table %}{{ key }}{% endfor %}",
    "{% for letter in text %}{{ letter }}{% endfor %}",
    "{% for part in unknown.parts %}{{ part }}{% empty %}-{% endfor %}",
    "{% with name=row.name other=unknown %}{{ name }}{{ other }}{% endwith %}{{ name }}",
    "{% autoescape off %}{{ row.name }}{% endautoescape %}",
    '{% include "components/icon.html" with name=row.name %}{{ name }}',
    '{% include "components/icon.html" with name=text only %}',
    "{% include template with name=text %}",
]


def quick(source: str) -> Template:
    template = Template(source, engine=Engine.get_default())
    quicken(template.nodelist)
    return template


@pytest.mark.parametrize("source", SOURCES)
def test_shows_what_django_shows(source: str) -> None:
    values = VALUES | {"template": "components/icon.html"}

    assert quick(source).render(Context(values)) == Template(source).render(Context(values))


@pytest.mark.parametrize("number", [0, 7, 999, -999, 1000, -1000, 1234567, True])
@pytest.mark.parametrize("has_separators", [False, True])
def test_a_number_is_written_as_django_writes_it(
    settings: Any, number: int, has_separators: bool
) -> None:
    settings.USE_THOUSAND_SEPARATOR = has_separators
    source, context = "{{ number }}", Context({"number": number})

    assert quick(source).render(context) == Template(source).render(context)


def test_a_fault_inside_is_still_seen() -> None:
    with pytest.raises(AttributeError, match="broken inside"):
        quick("{{ row.broken }}").render(Context(VALUES))


def test_a_loop_over_what_does_not_fit_its_names_is_a_fault_for_both() -> None:
    for read in (quick, Template):
        with pytest.raises(ValueError, match=r"argument|unpack"):
            read("{% for a, b in row.parts %}{{ a }}{% endfor %}").render(Context(VALUES))


def test_a_fault_in_a_loop_leaves_the_context_as_it_was() -> None:
    context = Context(VALUES)
    with pytest.raises(AttributeError, match="broken inside"):
        quick("{% for a, b in pairs %}{{ row.broken }}{% endfor %}").render(context)

    assert "a" not in context
    assert "forloop" not in context


def test_is_quick_and_stays_one_of_its_kind() -> None:
    source = '{{ row.name }}{% include "components/icon.html" %}{% for a in b %}{% endfor %}'
    nodes = quick(source).nodelist

    assert [type(node) for node in nodes] == [QuickVariable, QuickInclude, QuickFor]
    assert nodes.get_nodes_by_type(VariableNode) == [nodes[0]]


def test_an_include_shows_each_name_its_own_template() -> None:
    source = "{% for name in names %}{% include name %}{% endfor %}"
    names = ["components/icon.html", "components/contact.html", "components/icon.html"]
    values = {"names": names}

    assert quick(source).render(Context(values)) == Template(source).render(Context(values))


ATTRIBUTES = {
    "id": "id_name",
    "required": True,
    "disabled": False,
    "data-empty": "",
    "maxlength": 20,
    "title": "<'\"&>",
    "none": None,
    "on<": "x",
}


def test_attributes_are_those_of_djangos_own_template() -> None:
    django = (
        "{% for name, value in attrs.items %}{% if value is not False %} {{ name }}"
        "{% if value is not True %}=\"{{ value|stringformat:'s' }}\"{% endif %}"
        "{% endif %}{% endfor %}"
    )

    assert as_attributes(ATTRIBUTES) == Template(django).render(Context({"attrs": ATTRIBUTES}))
