"""Templates in which what never changes is worked out once, when a template is read.

An address without arguments, a file under /static/, an icon: on a page there are a hundred, and
each costs Django as much as a query set. docs/decisions/0029-folded-templates.md.
"""

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template import Context, Engine, Template, TemplateDoesNotExist
from django.template.base import Node, NodeList, TextNode, Variable, VariableNode
from django.template.defaulttags import CommentNode, IfNode, LoadNode, URLNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import app_directories, base, cached, filesystem
from django.templatetags.static import StaticNode
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape

from portal.quick_nodes import quicken

OURS = str(settings.BASE_DIR / "templates")

Constants = dict[str, Any]


class _Folded(base.Loader):
    """Folds our templates as they are read; those of the admin are quickened only."""

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        template: Template = super().get_template(template_name, skip)
        if template.origin.name.startswith(OURS):
            _fold(template.nodelist)
        quicken(template.nodelist)
        return template


class Loader(cached.Loader, _Folded):
    """Django's own, which keeps what it read: folded before another thread can have it."""

    def __init__(self, engine: Engine) -> None:
        inner = [f"{module.__name__}.Loader" for module in (filesystem, app_directories)]
        super().__init__(engine, inner)


def _fold(nodes: NodeList) -> None:
    """Puts text where a node always gives that text, also inside blocks, loops and conditions."""
    folded: list[Node] = []
    for node in nodes:
        text = _text_of(node, {})
        if text is None:
            for inner in _inside(node):
                _fold(inner)
            folded.append(node)
        elif folded and isinstance(folded[-1], TextNode):
            folded[-1] = TextNode(folded[-1].s + text)
        else:
            folded.append(TextNode(text))
    nodes[:] = folded


def _inside(node: Node) -> list[NodeList]:
    if isinstance(node, IfNode):
        return [nodes for _, nodes in node.conditions_nodelists]
    found = [getattr(node, name, None) for name in node.child_nodelists]
    return [nodes for nodes in found if isinstance(nodes, NodeList)]


def _text_of(node: Node, known: Constants) -> str | None:
    """What this node gives on every page; None when that depends on more than `known`."""
    if isinstance(node, TextNode):
        return str(node.s)
    if isinstance(node, (LoadNode, CommentNode)):
        return ""
    if isinstance(node, VariableNode) and known:
        return _variable(node, known)
    if isinstance(node, StaticNode) and node.varname is None:
        path = _constant(node.path, known)
        return None if path is None else _plain(staticfiles_storage.url(path))
    if isinstance(node, URLNode) and not (node.args or node.kwargs or node.asvar):
        return _address(node, known)
    if isinstance(node, IncludeNode):
        return _include(node, known)
    return None


def _variable(node: VariableNode, known: Constants) -> str | None:
    """`{{ name }}` of what an include names, with or without filters that take no variables."""
    expression: Any = node.filter_expression
    arguments = [argument for _, given in expression.filters for argument in given]
    if _name(expression) not in known or any(is_variable for is_variable, _ in arguments):
        return None
    return str(node.render(Context(known)))


def _address(node: URLNode, known: Constants) -> str | None:
    name = _constant(node.view_name, known)
    try:
        return None if name is None else _plain(reverse(name))
    except NoReverseMatch:
        return None  # said when the page is shown, as for any other


def _include(node: IncludeNode, known: Constants) -> str | None:
    name = _constant(node.template, known)
    values = {key: _constant(value, known) for key, value in node.extra_context.items()}
    if name is None or None in values.values():
        return None
    try:
        template = Engine.get_default().get_template(name)
    except TemplateDoesNotExist:
        return None
    texts = [_text_of(inner, known | values) for inner in template.nodelist]
    return None if None in texts else "".join(text for text in texts if text)


def _constant(expression: Any, known: Constants) -> Any:
    """The value of a literal, or of a name that is known; None for anything else."""
    if expression.filters:
        return None
    if isinstance(expression.var, Variable):
        literal = expression.var.literal
        return known.get(_name(expression)) if literal is None else literal
    return str(expression.var)


def _name(expression: Any) -> str:
    """ "icon" for `icon`; "" for a literal, and for `item.icon`, whose value is not known."""
    lookups: list[str] = list(getattr(expression.var, "lookups", None) or [])
    return lookups[0] if len(lookups) == 1 else ""


def _plain(text: str) -> str | None:
    """Only text that is the same whether or not it is escaped."""
    return text if escape(text) == text else None
