"""Takes the pictures of the page that the README shows: ``python tests/screenshots.py [FOLDER]``."""
from __future__ import annotations

import sys
from pathlib import Path

from browser import Tab, browser
from PIL import Image

from nl2sql import Assistant
from nl2sql.ui.serve import opened

FASHION = "Which quarter in the past 5 years had the most amount of sales for fashion products"


def take(tab: Tab, path: Path) -> None:
    """256 colours are enough, and a third of the bytes; rare ones are kept too."""
    tab.page.screenshot(path=path)
    with Image.open(path) as picture:
        picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE).save(path, optimize=True)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with Assistant() as assistant, opened(assistant, port=0) as address, browser() as found:
        assistant.warm()
        wide = Tab(found, address, width=1280, height=860)
        wide.ask(FASHION)
        wide.page.locator(".turn details.sql summary").click()
        take(wide, folder / "page.png")
        phone = Tab(found, address, width=390, height=844, dark=True)
        phone.ask("sales by month in 2024")
        phone.page.evaluate("() => { document.querySelector('.rows').style.maxHeight = '190px'; }")
        take(phone, folder / "phone.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / ".github")
