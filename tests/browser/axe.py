"""Accessibility of the page that is open, by axe-core, as it looks in each appearance."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page
from pytest_playwright_axe import OPTIONS_WCAG_22AA
from pytest_playwright_axe.axe import MIN_AXE_PATH

# The package's own Axe.run opens a second page for each run, for frames, which the portal refuses
# (CSP): axe-core and its WCAG 2.2 AA rules straight in the page take a quarter of the time.
AXE = MIN_AXE_PATH.read_text(encoding="utf-8")
RUN = f"""async () => {{
  await Promise.allSettled(document.getAnimations().map(animation => animation.finished));
  const options = Object.assign({OPTIONS_WCAG_22AA}, {{resultTypes: ["violations"]}});
  return (await axe.run(document, options)).violations;
}}"""
# Colours depend on the scheme and layout on the width, neither on both: two runs see all of it.
Appearances = Sequence[tuple[str, int]]
APPEARANCES: Appearances = (("light", 1280), ("dark", 390))
NARROWEST = 320


def violations(page: Page, appearances: Appearances = APPEARANCES) -> list[str]:
    """What breaks WCAG 2.2 AA: light on a wide screen, dark on a narrow one.

    Leaves the page as wide as it was.
    """
    size = page.viewport_size
    page.evaluate(AXE)
    found = [
        f"{scheme} {width} px: {text}"
        for scheme, width in appearances
        for text in _in(page, scheme, width)
    ]
    if size:
        page.set_viewport_size(size)
    return found


def overflow(page: Page) -> list[str]:
    """What sticks out to the right on the narrowest screen (WCAG 1.4.10: 320 px)."""
    page.set_viewport_size({"width": NARROWEST, "height": 700})
    wide: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= window.innerWidth ? [] :
        [...document.querySelectorAll("body *")]
          .filter(element => element.getBoundingClientRect().right > window.innerWidth + 1)
          .map(element => `${element.tagName} ${element.className}`)
          .slice(0, 5).concat(`${document.documentElement.scrollWidth} px`)"""
    )
    return wide


def _in(page: Page, scheme: Any, width: int) -> list[str]:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    return [
        f"{found['id']}: {node['target']} {node['failureSummary']}"
        for found in page.evaluate(RUN)
        for node in found["nodes"]
    ]
