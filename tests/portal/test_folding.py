"""What never changes in a template is worked out once, and gives the same page."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Engine, Template
from django.template.base import TextNode
from django.test import RequestFactory

from portal.folding import _fold

TEMPLATES = sorted(Path(settings.BASE_DIR / "templates").rglob("*.html"))
ICON = '{% include "components/icon.html" with name="search" %}'


def folded(source: str) -> Template:
    template = Template(source, engine=Engine.get_default())
    _fold(template.nodelist)
    return template


def is_text(template: Template) -> bool:
    return all(isinstance(node, TextNode) for node in template.nodelist)


@pytest.mark.parametrize(
    "source",
    [
        '{% load static %}a {% static "js/portal.js" %} b',
        '<a href="{% url "portal:start" %}">',
        ICON,
        f'{{# words #}}{ICON}{{% url "portal:help" %}}',
    ],
)
def test_what_is_the_same_on_every_page_becomes_text(source: str) -> None:
    template = folded(source)

    assert is_text(template)
    assert len(template.nodelist) == 1
    assert template.render(Context()) == Template(source).render(Context())


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("{{ name }}", {"name": "<b>"}),
        ("{% url page %}", {"page": "portal:help"}),
        ('{% url "portal:start" as home %}{{ home }}', {}),
        ("{% load static %}{% static name %}", {"name": "js/portal.js"}),
        ('{% include "components/icon.html" with name=item.icon %}', {"item": {"icon": "euro"}}),
        ('{% include "components/icon.html" with name=name|lower %}', {"name": "EURO"}),
        ('{% include "components/icon.html" %}', {"name": "euro"}),
        ('{% include "components/brand.html" with home=home %}', {"home": "/start/"}),
        ('{% include "components/contact.html" with level="h3" %}', {}),
        (f"{{% if shown %}}{ICON}{{% else %}}-{{% endif %}}", {"shown": False}),
        (f"{{% for one in many %}}{ICON}{{{{ one }}}}{{% endfor %}}", {"many": ["a", "b"]}),
        ("{% with home=1 %}{{ home }}{% endwith %}{{ home }}", {"home": 2}),
    ],
)
def test_the_rest_still_depends_on_the_page(source: str, values: dict[str, object]) -> None:
    plain = Template(source)

    for shown in (values, {}):
        if "url page" in source and not shown:
            continue
        assert folded(source).render(Context(shown)) == plain.render(Context(shown))


def test_an_unknown_address_is_still_an_error_of_the_page() -> None:
    template = folded('{% if shown %}{% url "portal:nowhere" %}{% endif %}')

    assert template.render(Context()) == ""


def test_a_text_that_must_be_escaped_stays_as_it_is() -> None:
    source = '{% load static %}{% static "a&b.js" %}'

    assert folded(source).render(Context()) == Template(source).render(Context())


def outcome(template: Template) -> str:
    """What it draws for an empty page; the mistake, of one that needs what its page brings."""
    try:
        return template.render(Context({"request": RequestFactory().get("/")}))
    except Exception as mistake:
        return type(mistake).__name__


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_every_template_of_ours_says_the_same(path: Path) -> None:
    """What a page brings does not matter for what never changes."""
    source = path.read_text()

    assert outcome(folded(source)) == outcome(Template(source))
