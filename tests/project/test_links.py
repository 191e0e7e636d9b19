"""A link on a page leads somewhere for whoever sees it: no page offers what it then refuses."""

import re
from html import unescape
from typing import Any

import pytest

from tests.project.access import TABLE, World, address_of, ask, client_with, key_in


@pytest.mark.parametrize("visitor", ["anna", "bram", "ilse", "hugo", "nobody"], indirect=True)
def test_no_link_leads_nowhere(visitor: Any, world: World, request: pytest.FixtureRequest) -> None:
    who = request.node.callspec.params["visitor"]
    seen: dict[str, str] = {}
    for row in TABLE.values():
        if row.outcomes[who][0] == "200":
            address = address_of(row, key_in(world))
            page = ask(client_with(visitor), "get", address)
            text = "" if page.streaming else page.content.decode(errors="replace")
            for link in re.findall(r'<a [^>]*href="(/[^"#]*)', text):
                seen.setdefault(unescape(link), row.name)
    dead = {
        link: page
        for link, page in seen.items()
        if ask(client_with(visitor), "get", link).status_code >= 400
    }

    assert seen
    assert dead == {}
