"""Take pictures of the page in its states, widths and themes, to be looked at by a person.

usage: python scripts/screenshots.py [--out FOLDER] [--url URL] [--question TEXT]

Needs a running `askedbefore serve` and a Chromium (found by name, or named in ASKEDBEFORE_CHROMIUM).
"""

import argparse
import os
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

WIDTHS = {"desktop": (1280, 900), "phone": (390, 844), "sidebar": (300, 700)}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def ask(page: Page, question: str) -> None:
    """Type a question, send it, and wait for what comes of it."""
    page.get_by_label("Your question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#ab-answer .ab-question", has_text=question).wait_for()
    page.wait_for_timeout(700)


def main() -> None:
    """Write one picture for each state, width and theme."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    parser.add_argument("--url", default="http://127.0.0.1:7860/")
    parser.add_argument("--question", default="why can't I stop thinking about her between sessions?")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("ASKEDBEFORE_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        for name, (width, height) in WIDTHS.items():
            for theme in ("light", "dark"):
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=1
                )
                page = context.new_page()
                page.goto(options.url)
                page.get_by_label("Your question").wait_for()
                page.wait_for_timeout(500)
                page.screenshot(path=options.out / f"{name}-{theme}-first.png", full_page=True)
                ask(page, options.question)
                page.screenshot(path=options.out / f"{name}-{theme}-answer.png")
                page.screenshot(path=options.out / f"{name}-{theme}-answer-whole.png", full_page=True)
                ask(page, "how do I change the oil in my car?")
                page.screenshot(path=options.out / f"{name}-{theme}-nothing.png", full_page=True)
                context.close()
        browser.close()


if __name__ == "__main__":
    main()
