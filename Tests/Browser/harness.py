"""What the tests of the page share: a browser, a page that nothing may go wrong on, and how long to wait."""
import contextlib
import time

from playwright.sync_api import expect, sync_playwright

PATIENCE = 60_000  # milliseconds; a busy machine is slow, and no test depends on a time
expect.set_options(timeout=PATIENCE)


class Browser:
    """Chromium, and the address of a server."""

    def __init__(self, playwright, executable, address):
        # Without its sandbox, which root can't have.
        self.chromium = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        self.address = address

    @contextlib.contextmanager
    def page(self, address=None, expected=(), **options):
        """A new page. Every message of the console, error, dialog and breach of the policy is a failure, unless it has one of
        the `expected` texts."""
        context = self.chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        faults = []
        page.on("console", lambda message: faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: faults.append(f"error: {error}"))
        page.on("dialog", lambda dialog: (faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(address or self.address)
        if not address:
            expect(page.locator("#ask")).to_be_visible()
        yield page
        context.close()
        faults = [fault for fault in faults if not any(text in fault for text in expected)]
        assert not faults, faults


def ask(page, *strategies, question="Use 3, 7, 5, 2 to make 24."):
    """Starts a run of one strategy, or of two side by side."""
    for side, strategy in zip(("left", "right"), strategies):
        page.locator(f"select[name={side}]").select_option(f"nano/{strategy}")
    page.locator("textarea[name=question]").fill(question)
    page.locator("button[name=go]").click()


def await_end(page):
    """Waits until nothing runs any more."""
    expect(page.locator("button[name=go]")).to_be_enabled()


def press_at_once(page, name):
    """Presses a button of the first run as soon as there is one: these runs take less than a second."""
    page.evaluate(
        """(name) => new MutationObserver((_, observer) => {
          const button = document.querySelector(`.controls:not([hidden]) .${name}:enabled`);
          if (button) { observer.disconnect(); button.click(); }
        }).observe(document.body, { subtree: true, childList: true, attributes: true })""", name)


def run(tests, executable, address):
    """Runs all tests; returns whether all of them passed."""
    failed = 0
    with sync_playwright() as playwright:
        browser = Browser(playwright, executable, address)
        for test in tests:
            begin = time.monotonic()
            try:
                test(browser)
                print(f"passed  {test.__name__} ({time.monotonic() - begin:.1f} s)", flush=True)
            except Exception as error:
                failed += 1
                print(f"FAILED  {test.__name__}: {type(error).__name__}: {error}", flush=True)
        browser.chromium.close()
    print(f"{len(tests) - failed} passed, {failed} failed")
    return failed == 0


def told_in_time(browser, word, strategy, happened):
    """Runs until a word to a run comes before its end: a run of the nano pair takes less than a second."""
    for _ in range(10):
        with browser.page(expected=("Failed to load resource", "ERR_ABORTED")) as page:
            press_at_once(page, word)
            ask(page, strategy)
            await_end(page)
            if happened(page):
                return
    raise AssertionError(f"'{word}' had no effect on any of ten runs")
