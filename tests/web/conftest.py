"""A server with something to sell, and a browser that keeps a record of what it did."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"


@dataclass
class Visit:
    """One page in one window, and everything it said and asked for."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all tests of a file. Playwright keeps an event loop in this thread, in which Django would refuse to work."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(browser) -> Iterator[Callable[..., Visit]]:
    """`visit(url, width=360, dark=True, scripts=False)`: the page as a person meets it, in a window of its own."""
    with ExitStack() as windows:

        def open_(url, *, width=1440, dark=False, scripts=True) -> Visit:
            scheme = "dark" if dark else "light"
            viewport = {"width": width, "height": 900}
            window = browser.new_context(viewport=viewport, color_scheme=scheme, java_script_enabled=scripts)
            visit = Visit(page=windows.enter_context(window).new_page())
            visit.page.on("console", lambda message: visit.console.append(message.text))
            visit.page.on("pageerror", lambda error: visit.console.append(str(error)))
            visit.page.on("request", lambda request: visit.requests.append(request.url))
            visit.page.goto(url, wait_until="load")
            return visit

        yield open_
