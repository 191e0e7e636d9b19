"""What a page says, for tests."""

import re
from html import unescape
from typing import Any
from uuid import uuid4


def words(response: Any) -> str:
    """The text of the page itself, tags gone and spaces single: no menu, no footer.

    The footer holds the telephone numbers on every page, so looking there proves nothing.
    """
    assert response.status_code == 200
    page = response.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    text = unescape(re.sub(r"<[^>]*>", " ", main))
    return re.sub(r" (?=[.,)%])", "", " ".join(text.split()))


def report_answers(**changes: str) -> dict[str, str]:
    """What is sent with the form of a sick report: fully ill since 23-11-2026, or otherwise."""
    filled = {
        "submission": str(uuid4()),
        "classification": "ziekte",
        "first_sick_day": "23-11-2026",
        "status": "volledig",
        "percentage": "",
    }
    return filled | changes
