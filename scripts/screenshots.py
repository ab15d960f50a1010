"""Take pictures of the page and the sidebar in their states, widths and themes, to be looked at by a person.

usage: python -m scripts.screenshots [--out FOLDER] [--url URL] [--question TEXT] [--only STATE]

Needs a running `askedbefore serve` of the example archive and a Chromium (found by name, or named in
ASKEDBEFORE_CHROMIUM).
"""

import argparse
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844), "sidebar": (300, 700)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
ASKS = "**/turn"


def main() -> None:
    """Write one picture for each state, width and theme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--url", default="http://127.0.0.1:7860/")
    parser.add_argument("--question", default="why can't I stop thinking about her between sessions?")
    parser.add_argument("--only", choices=STATES, help="only this state")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("ASKEDBEFORE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for state in [options.only] if options.only else STATES:
            for name, (width, height) in WIDTHS.items():
                for theme in ("light", "dark"):
                    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
                    page = context.new_page()
                    page.goto(options.url)
                    page.get_by_label("Your question").wait_for()
                    page.wait_for_timeout(600)
                    STATES[state](page, options.question)
                    page.wait_for_timeout(700)
                    page.screenshot(path=options.out / f"{state}-{name}-{theme}.png", full_page=True)
                    context.close()
        browser.close()


def ask(page: Page, question: str) -> None:
    """Type a question and send it."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def answered(page: Page, question: str) -> None:
    """Ask, and wait for what comes of it."""
    ask(page, question)
    page.locator("#ab-answer [data-outcome]").wait_for()


def first(page: Page, _: str) -> None:
    """Show what a reader meets."""


def topics(page: Page, _: str) -> None:
    """Show all that readers have often asked."""
    page.get_by_text("More that readers have asked").click()


def thinking(page: Page, question: str) -> None:
    """Show a question whose answer does not come yet."""
    page.route(ASKS, lambda _: None)
    ask(page, question)


def answer(page: Page, question: str) -> None:
    """Show an answer."""
    answered(page, question)


def more(page: Page, question: str) -> None:
    """Show an answer with all its passages, and a follow-up."""
    answered(page, question)
    page.locator("#ab-answer .ab-rest > summary").click()


def perhaps(page: Page, _: str) -> None:
    """Show an answer that is perhaps about something else."""
    answered(page, "how do I get my husband to listen to me?")


def nothing(page: Page, _: str) -> None:
    """Show that nothing is close."""
    answered(page, "how do I change the oil in my car?")


def guard(page: Page, _: str) -> None:
    """Show the help lines."""
    answered(page, "I don't want to wake up tomorrow")


def worried(page: Page, _: str) -> None:
    """Show the help lines where it is not acute, and the danger is a person."""
    answered(page, "he hits me when he is drunk")


def crisis(page: Page, _: str) -> None:
    """Show what the permanent link opens."""
    page.get_by_role("link", name="In crisis?").click()


def too_long(page: Page, _: str) -> None:
    """Show that a question is too long."""
    answered(page, "and then she looked at the clock again, " * 40)


def busy(page: Page, question: str) -> None:
    """Show that too many are asking: this reader has asked more often than one may in a minute."""
    page.evaluate("Promise.all(Array.from({ length: 70 }, () => fetch('turn', { method: 'POST', body: '' })))")
    answered(page, question)


def lost(page: Page, question: str) -> None:
    """Show that the connection is lost for good."""
    page.route(ASKS, lambda route: route.abort())
    ask(page, question)
    page.get_by_role("button", name="Try again").wait_for()


def restarting(page: Page, question: str) -> None:
    """Show that the question is sent once more by itself."""
    page.route(ASKS, lambda route: route.abort())
    ask(page, question)
    page.locator(".ab-message", has_text="Trying once more").wait_for()


STATES: dict[str, Callable[[Page, str], None]] = {
    one.__name__: one
    for one in (
        first, topics, thinking, answer, more, perhaps, nothing, guard, worried, crisis, too_long, lost, restarting,
        busy,
    )
}  # fmt: skip

if __name__ == "__main__":
    main()
