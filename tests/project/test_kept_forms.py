"""What people type much into survives a login that ended meanwhile. Source: security.md D3."""

from typing import Any

import pytest

from accounts.kept_forms import PAGES
from tests.project.access import TABLE, World, address_of, ask, client_with, key_in
from tests.project.pages import own_forms

# As many boxes to type in are worth keeping.
MUCH = 3
# Forms with as many that may be lost, and why.
NOT_KEPT = {"accounts:password-change": "passwords: stored nowhere, not even sealed"}


def typed_fields(html: str, address: str) -> list[set[str]]:
    """Of each form on the page: the boxes in which a person types."""
    return [form.fields.keys() - form.keys - form.files for form in own_forms(html, address)]


@pytest.mark.parametrize("visitor", ["anna"], indirect=True)
def test_every_form_with_much_to_type_is_kept(visitor: Any, world: World) -> None:
    long = set()
    for row in TABLE.values():
        if row.outcomes["anna"] == ("200", "200") and row.outcomes["nobody"][0] != "200":
            address = address_of(row, key_in(world))
            page = ask(client_with(visitor), "get", address).content.decode()
            long |= {row.name for fields in typed_fields(page, address) if len(fields) >= MUCH}

    assert "dossiers:employee-create" in long
    assert long - NOT_KEPT.keys() <= PAGES
