"""Every address of the portal, as the resolver knows it."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> dict[str, str]:
    """The route of every URL pattern by its full name; a pattern without a name by its route."""
    found: dict[str, str] = {}
    for name, route in _walk(get_resolver().url_patterns, (), ""):
        key = name or route
        assert key not in found, f"two patterns are called {key}"
        found[key] = route
    return found


def _walk(
    patterns: list[URLPattern | URLResolver], namespaces: tuple[str, ...], before: str
) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, route)
        else:
            yield ":".join((*namespaces, pattern.name)) if pattern.name else "", route
