"""Which trained adapter belongs to a database: the one whose card, ``nl2sql.json``, names the database's fingerprint."""
from __future__ import annotations

import json
from pathlib import Path

from nl2sql import folders
from nl2sql.errors import BadWeights

SHIPPED = Path(__file__).parent.parent / "weights"
CARD = "nl2sql.json"


def own_folder() -> Path:
    """Where the adapters lie that were trained on this machine, a folder each."""
    return folders.data() / "adapters"


def find(fingerprint: str) -> Path | None:
    """The folder of the user's own newest adapter for this fingerprint, else of a shipped one, else None."""
    own = sorted(own_folder().glob(f"*/{CARD}"), key=lambda card: -card.stat().st_mtime)
    for card in [*own, *sorted(SHIPPED.glob(f"*/{CARD}"))]:
        try:
            trained_for = json.loads(card.read_text(encoding="utf-8")).get("fingerprint")
        except (OSError, ValueError, AttributeError) as error:
            raise BadWeights(f"{card} is damaged: train that adapter again or delete its folder.") from error
        if trained_for == fingerprint:
            return card.parent
    return None
