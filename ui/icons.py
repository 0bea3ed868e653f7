"""The few pictograms of the page, as strokes in the colour of the text around them."""
from __future__ import annotations

from markupsafe import Markup

_PATHS = {
    "up": "M7 11v9M7 20h9.5a2 2 0 0 0 2-1.6l1.3-6A2 2 0 0 0 17.8 10H14l.7-4.2A1.9 1.9 0 0 0 12.8 3.6L7 11H4v9h3",
    "down": "M17 13V4M17 4H7.5a2 2 0 0 0-2 1.6l-1.3 6A2 2 0 0 0 6.2 14H10l-.7 4.2a1.9 1.9 0 0 0 1.9 2.2L17 13h3V4h-3",
    "download": "M12 4v11M7.5 11 12 15.5 16.5 11M5 20h14",
    "copy": "M9 9h10v11H9zM5 15V4h10",
    "edit": "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
    "play": "M7 5l11 7-11 7z",
    "warning": "M12 4 2.8 20h18.4zM12 10v4.5M12 17v.5",
    "check": "M5 12.5 10 17.5 19 7",
    "table": "M4 5h16v14H4zM4 10h16M10 10v9",
    "key": "M14.5 9.5a4 4 0 1 0-3 3.9L13 15h2v2h2v2h3v-3l-5.7-5.7",
    "link": "M10 14l4-4M8 11l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 16M16 13l2.5-2.5a3.5 3.5 0 0 0-5-5L11 8",
    "redo": "M5 12a7 7 0 1 0 2.2-5.1M5 4v4h4",
    "close": "M6 6l12 12M18 6 6 18",
    "send": "M12 19V5M6 11l6-6 6 6",
    "stop": "M7 7h10v10H7z",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "new": "M12 5v14M5 12h14",
    "picture": "M4 4h6v5H4zM14 15h6v5h-6zM7 9v4a2 2 0 0 0 2 2h5",
    "upload": "M12 16V5M7.5 9 12 4.5 16.5 9M5 20h14",
    "theme": "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z",
}


def icon(name: str) -> Markup:
    path = Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>')
    return path.format(_PATHS[name])
