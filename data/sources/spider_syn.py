"""Spider-Syn: Spider's training questions with the schema's words replaced by synonyms; databases and SQL are Spider's."""
from __future__ import annotations

from pathlib import Path

from nl2sql.data.sources.reading import existing, read_rows
from nl2sql.records import Example

WHAT = "Spider-Syn (train_spider.json)"


def load(folder: str | Path, *, changed_only: bool = True) -> list[Example]:
    """The reworded questions, in the file's order; ``changed_only`` leaves out those that equal Spider's own."""
    rows = read_rows(existing(folder, "train_spider.json", WHAT), ("db_id", "SpiderQuestion", "SpiderSynQuestion", "query"))
    return [
        Example(row["SpiderSynQuestion"], row["query"], row["db_id"], ("spider_syn",))
        for row in rows
        if not changed_only or row["SpiderSynQuestion"].strip() != row["SpiderQuestion"].strip()
    ]
