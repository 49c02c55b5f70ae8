"""Pictures of the pages for docs/pages, of an installation that is up: python deploy/screenshots.py URL ACCOUNT [DIR].

The password comes from the environment, XIEZUO_PASSWORD. Needs Debian's chromium, and a font with Chinese characters.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

PAGES = {
    "overview": "", "batches": "batches?state=open", "figures": "figures", "releases": "releases", "words": "words",
    "dictionary": "dictionary/mart.progress", "reconciliation": "reconciliation", "rules": "rules",
}  # fmt: skip
HIGH = 900
"""What of a page fits on a screen; the rest is left out."""


def main(address: str, account: str, folder: Path) -> None:
    """Log in and take one picture a page."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1200, "height": HIGH}, locale="zh-CN", color_scheme="light")
        page.goto(f"{address}/auth/login")
        page.locator("input[name=username]").fill(account)
        page.locator("input[name=password]").fill(os.environ["XIEZUO_PASSWORD"])
        page.get_by_role("button").click()
        for name, place in PAGES.items():
            page.goto(f"{address}/xiezuo/{place}")
            page.screenshot(path=folder / f"{name}.png")
        page.goto(f"{address}/xiezuo/figures")
        page.get_by_role("link", name="赴东部结对省份就业").first.click()
        page.wait_for_load_state()
        page.screenshot(path=folder / "figure.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3] if len(sys.argv) > 3 else "docs/pages"))
