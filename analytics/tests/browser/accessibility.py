"""What axe finds on an open page, in both themes."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from analytics.tests.browser.chromium import DESK, PHONE


def resize(page: Page, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})


def accessibility_faults(page: Page) -> list[str]:
    """What axe finds on a desk in the light, with every folded part open, and on a phone in the dark, as it comes."""
    resize(page, PHONE)
    page.emulate_media(color_scheme="dark")
    found = axe_finds(page)
    resize(page, DESK)
    page.emulate_media(color_scheme="light")
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    return found + axe_finds(page)


def axe_finds(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]
