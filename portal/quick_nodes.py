"""Template nodes that find and show a value in the short way, and leave the rest to Django.

Django looks a name up, localises and escapes it in 34 function calls; most values on a page are a
text behind one or two names, for which 7 do. docs/decisions/0029-folded-templates.md.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.template import Context
from django.template.base import (
    FilterExpression,
    NodeList,
    Variable,
    VariableNode,
    render_value_in_context,
)
from django.template.defaulttags import ForNode
from django.template.loader_tags import IncludeNode, construct_relative_path
from django.template.smartif import TokenBase
from django.utils.html import escape
from django.utils.safestring import SafeString

SPECIAL = re.compile(r"[&<>\"']")
NO_SUCH_KEY = (TypeError, AttributeError, KeyError, ValueError, IndexError)  # as Django's own
# What the short way does not know: Django looks again, and says what is wrong with it.
UNKNOWN = object()
NEVER_CALLED = {str, SafeString, bool, int, type(None), list, tuple, dict}
LISTS = (list, tuple)
SEPARATED = 1000  # a number below it is written alike in every language
_WITHOUT_KEYS: set[type] = set()  # of what was seen: a value has no keys, only attributes


def quicken(nodes: NodeList) -> None:
    """Makes these nodes, and all inside them, quick; those of a kind of their own stay."""
    for node in nodes:
        for part in _parts(list(vars(node).values())):
            if isinstance(part, NodeList):
                quicken(part)
            elif type(part) is FilterExpression:
                _quicken_expression(part)
        if type(node) is VariableNode:
            node.__class__ = QuickVariable
        elif type(node) is IncludeNode:
            node.__class__ = QuickInclude
        elif type(node) is ForNode and not node.is_reversed:
            node.__class__ = QuickFor


def _quicken_expression(expression: FilterExpression) -> None:
    if type(expression.var) is Variable and expression.var.lookups and not expression.var.translate:
        expression.var.__class__ = QuickName
        if not expression.filters:
            expression.__class__ = QuickExpression
    for _, arguments in expression.filters:
        for is_name, name in arguments:
            if is_name and type(name) is Variable and name.lookups and not name.translate:
                name.__class__ = QuickName


def _parts(values: list[Any]) -> Iterator[Any]:
    """What a node holds, also in lists and conditions."""
    for value in values:
        if isinstance(value, NodeList) or type(value) is FilterExpression:
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _parts(list(value))
        elif isinstance(value, dict):
            yield from _parts(list(value.values()))
        elif isinstance(value, TokenBase):
            yield from _parts([value.value, value.first, value.second])


def find(names: tuple[str, ...], context: Context) -> Any:
    """What `{{ a.b }}` stands for, by the rules of Django's templates; UNKNOWN when nothing."""
    first = names[0]
    for known in reversed(context.dicts):
        if first in known:
            value = known[first]
            break
    else:
        return UNKNOWN
    try:
        if type(value) not in NEVER_CALLED and callable(value):
            value = _called(value)
        for name in names[1:]:
            value = getattr(value, name) if type(value) in _WITHOUT_KEYS else _member(value, name)
            if type(value) not in NEVER_CALLED and callable(value):
                value = _called(value)
    except Exception:
        return UNKNOWN
    return value


def _member(value: Any, name: str) -> Any:
    if not hasattr(type(value), "__getitem__"):
        _WITHOUT_KEYS.add(type(value))
        return getattr(value, name)
    try:
        return value[name]
    except NO_SUCH_KEY:
        return getattr(value, name)


def _called(value: Any) -> Any:
    if getattr(value, "do_not_call_in_templates", False):
        return value
    return UNKNOWN if getattr(value, "alters_data", False) else value()


class QuickName(Variable):
    __slots__ = ()

    def resolve(self, context: Any) -> Any:
        names: Any = self.lookups
        value = find(names, context)
        return super().resolve(context) if value is UNKNOWN else value


class QuickExpression(FilterExpression):
    """A name without filters."""

    __slots__ = ()

    def resolve(self, context: Context, ignore_failures: bool = False) -> Any:
        value = find(self.var.lookups, context)
        return super().resolve(context, ignore_failures) if value is UNKNOWN else value


class QuickVariable(VariableNode):
    def render(self, context: Context) -> Any:
        value = self.filter_expression.resolve(context)
        kind = type(value)
        if kind is SafeString:
            return value
        if kind is str and context.autoescape:
            return escape(value) if SPECIAL.search(value) else value
        if kind is int and -SEPARATED < value < SEPARATED:
            return str(value)
        return render_value_in_context(value, context)


class QuickFor(ForNode):
    """A loop over a list, whose parts are written without asking of each what was wrong with it."""

    def render(self, context: Any) -> Any:
        sequence: Any = self.sequence
        values = sequence.resolve(context, ignore_failures=True)
        if type(values) not in LISTS or context.template.engine.debug:
            return super().render(context)
        if not values:
            return self._render_empty(context)
        nodes: Any = self.nodelist_loop
        state: dict[str, Any] = {"forloop": {"parentloop": context.get("forloop", {})}}
        shown: list[Any] = []
        context.dicts.append(state)
        try:
            for number, item in enumerate(values):
                state["forloop"] |= _place(number, len(values))
                if len(self.loopvars) == 1:
                    state[self.loopvars[0]] = item
                    shown += [node.render(context) for node in nodes]
                else:
                    context.dicts.append(dict(zip(self.loopvars, item, strict=True)))
                    shown += [node.render(context) for node in nodes]
                    context.dicts.pop()
        finally:
            while context.dicts.pop() is not state:
                pass
        return SafeString("".join(shown))

    def _render_empty(self, context: Any) -> Any:
        nothing: Any = self.nodelist_empty
        context.dicts.append({})
        try:
            return nothing.render(context)
        finally:
            context.dicts.pop()


def _place(number: int, count: int) -> dict[str, Any]:
    """What `forloop` says of the one with this number, from 0."""
    return {
        "length": count,
        "counter0": number,
        "counter": number + 1,
        "revcounter": count - number,
        "revcounter0": count - number - 1,
        "first": number == 0,
        "last": number == count - 1,
    }


class QuickInclude(IncludeNode):
    """Keeps the templates it included, by name."""

    def render(self, context: Context) -> Any:
        template = self._template(self.template.resolve(context), context)
        if template is None:
            return super().render(context)
        values = {name: value.resolve(context) for name, value in self.extra_context.items()}
        state = context.render_context
        before, state.template = state.template, template
        state.push()
        context.dicts.append(values)
        try:
            return template._render(context)
        finally:
            context.dicts.pop()
            state.pop()
            state.template = before

    def _template(self, name: Any, context: Any) -> Any:
        """None for what is no name, or is shown nothing but what it is given."""
        if self.isolated_context or not isinstance(name, str) or not name:
            return None
        kept: dict[str, Any] = self.__dict__.setdefault("kept", {})
        if name not in kept:
            path = construct_relative_path(str(self.origin.template_name), name)
            kept[name] = context.template.engine.get_template(path)
        return kept[name]
