"""The model cards that lie beside weights."""
from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nl2sql.model.settings import RetrieverTraining


def base_card(figures: Mapping[str, float], lessons: Mapping[str, int], decoder: str | None = None) -> str:
    """``decoder``: the pretrained GPT-2 that it started from."""
    origin = f"The decoder's blocks are those of {decoder}, with LoRA beside them, and lie here too.\n" if decoder else ""
    return f"""---
license: cc-by-sa-4.0
library_name: peft
base_model: sentence-transformers/all-MiniLM-L6-v2
---
# nl2sql base weights

From a question and a database's schema to SQL: LoRA on all-MiniLM-L6-v2, relation-aware layers over the slots of the prompt and
a GPT-2 decoder that writes SQL symbols and points at tables, columns, values, numbers and periods. Not tied to a database.
{origin}Follow-up questions are read after those before them, with the last query beside them.

Trained by `nl2sql train base`: {_length(figures)}
Whole sequences right on a sample of Spider's development set, given the right symbols before each: {figures["dev_exact"]:.1%}.

{_table(lessons)}
Spider (CC BY-SA 4.0; 20 of its training databases are held out), Spider-Syn (MIT), SParC (CC BY-SA 4.0), BIRD (CC BY-SA 4.0),
WikiSQL (BSD-3) and questions and conversations that the project synthesises; the encoder is Apache-2.0. The databases of Spider's
development set, which is SParC's too, are in no part of it.
"""


def adapter_card(database: str, figures: Mapping[str, float], lessons: Mapping[str, int]) -> str:
    return f"""---
library_name: peft
base_model: nl2sql base weights, merged
---
# nl2sql adapter for {database}

LoRA on the encoder and the decoder of the base weights, and four small layers of its own, for one database: questions about it
were synthesised from its schema and values.

Trained by `nl2sql train adapter`: {_length(figures)}
Whole sequences right on synthesised questions set aside, given the right symbols before each: {figures["dev_exact"]:.1%}.

{_table(lessons)}"""


def retriever_card(figures: str, objective: str, settings: RetrieverTraining) -> str:
    return f"""---
license: cc-by-sa-4.0
library_name: peft
base_model: sentence-transformers/all-MiniLM-L6-v2
---
# nl2sql retriever

LoRA on all-MiniLM-L6-v2, mean pooling: brings a question near the documents of the tables and columns that its answer reads.
It stands beside the parser's own frozen encoder, so it adds its low-rank products to memory and nothing else.

Trained by `nl2sql train retriever` with sentence-transformers' trainer: {objective}, {settings.longer} steps of {settings.batch}
rows, of whose change {settings.kept:.0%} is kept. Spider and Spider-Syn (CC BY-SA 4.0, MIT; 20 training databases are set aside)
and questions that the project synthesises about the same databases; the encoder is Apache-2.0. Spider's development set is in
no part of it.

On the databases set aside, merged into one schema, all objectives for the same number of steps on the same rows:

{figures}
"""


def _length(figures: Mapping[str, float]) -> str:
    return f"{figures['minutes']:.0f} minutes, {figures['steps']:.0f} steps, {figures['examples']:.0f} examples seen."


def _table(lessons: Mapping[str, int]) -> str:
    return "| source | questions |\n|---|---|\n" + "".join(f"| {name} | {count} |\n" for name, count in lessons.items())
