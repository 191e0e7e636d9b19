"""What a page says, for tests."""

import re
from html import unescape
from typing import Any


def words(response: Any) -> str:
    """The text of the page itself, tags gone and spaces single: no menu, no footer.

    The footer holds the telephone numbers on every page, so looking there proves nothing.
    """
    assert response.status_code == 200
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    text = unescape(re.sub(r"<[^>]*>", " ", main))
    return re.sub(r" (?=[.,)%])", "", " ".join(text.split()))
