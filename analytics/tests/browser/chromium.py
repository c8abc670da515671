"""A real browser for the tests, and ears for everything it complains about."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from medsim_tracking.tests.plugin import chromium_path

DESK, PHONE = (1440, 900), (390, 844)
# No sandbox: in a container there is none to be had. The rest keeps the browser from talking to anybody.
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # No test goes back, and a page that is kept for it costs as much as one that is looked at.
    "--disable-features=BackForwardCache",
]


# Django's admin asks for the focus, and Chromium says so when a quick test has put it elsewhere already.
SKIPPED_AUTOFOCUS = "Autofocus processing was blocked because a document already has a focused element."


@dataclass
class Heard:
    """What the browser said while pages were open. foreign: addresses asked of another host than ours."""

    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def note(self, kind: str, text: str) -> None:
        """Keep all that the console says, but for one remark that comes or not by chance of timing."""
        if (kind, text) != ("info", SKIPPED_AUTOFOCUS):
            self.complaints.append(f"{kind}: {text}")


@contextmanager
def chromium() -> Iterator[Browser]:
    """A running browser. What a test writes to the database, it writes before: in here Django refuses.

    Playwright's sync interface keeps an event loop running in this thread, and Django refuses its ORM in any
    thread that has one. Ending it before the database is cleaned up keeps that guard on everywhere.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=_ARGUMENTS)
        yield browser
        browser.close()


def session_of(client: Client) -> str:
    """The session that a signed-in test client holds, to sign the browser in with."""
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@contextmanager
def opened(
    browser: Browser,
    base: str,
    *,
    session: str = "",
    size: tuple[int, int] = DESK,
    scheme: str = "light",
    locale: str = "en-GB",
    scripts: bool = True,
) -> Iterator[tuple[Page, Heard]]:
    """A page in a window of its own, signed in with a session, and what it complains about."""
    width, height = size
    context = browser.new_context(
        base_url=base,
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale=locale,
        java_script_enabled=scripts,
    )
    if session:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])
    page, heard = context.new_page(), Heard()
    page.on("console", lambda message: heard.note(message.type, message.text))
    page.on("pageerror", lambda error: heard.complaints.append(str(error)))
    page.on("request", lambda request: _note_foreign(request.url, base, heard))
    yield page, heard
    context.close()


def _note_foreign(url: str, base: str, heard: Heard) -> None:
    if urlsplit(url).netloc != urlsplit(base).netloc:
        heard.foreign.append(url)
