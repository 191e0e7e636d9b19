"""The search box is called "Dossier zoeken" wherever it stands. Source: help page 3, 4, 6, 7."""

import re

import pytest
from django.urls import reverse

from tests.login import login


@pytest.mark.parametrize(
    "page", ["portal:start", "dossiers:search", "absence:report-search", "documents:upload-search"]
)
def test_the_box_is_named_by_the_heading_above_it(client, anna, page):
    login(client, anna)

    text = client.get(reverse(page)).content.decode()

    assert 'aria-labelledby="search-title search-label"' in text
    assert re.search(r'<h[12] id="search-title">Dossier zoeken</h[12]>', text)
    assert len(re.findall(r'id="search-(?:title|label)"', text)) == 2
