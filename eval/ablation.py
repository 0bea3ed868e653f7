"""Does the model do the work? The shipped suites with the decoder's weights drawn at random: grammar, linking and beam alone.

    python -m nl2sql.eval.ablation [SUITE ...]
"""
from __future__ import annotations

import sys
from collections.abc import Sequence

from nl2sql.eval import cases, report
from nl2sql.eval.databases import Databases
from nl2sql.eval.predict import SHIPPED_BASE, SHIPPED_VERIFIER, FromAssistant
from nl2sql.eval.run import evaluate
from nl2sql.model import adapters
from nl2sql.model.generate import PointerGenerator, random_decoder

SUITES = ("sales", "sales_fashion")


def main(words: Sequence[str] | None = None) -> None:
    for name in (sys.argv[1:] if words is None else words) or SUITES:
        suite = cases.load(name, None)
        databases = Databases(suite, [])
        with databases.open("") as database:  # type: ignore[union-attr]
            adapter = adapters.find(database.fingerprint)
        predictor = FromAssistant(random_decoder(PointerGenerator(SHIPPED_BASE, adapter)), verifier=SHIPPED_VERIFIER)
        found = report.summary(suite, evaluate(suite, predictor, databases), "duckdb")
        print(f"{name} with a random decoder: execution accuracy {found['execution_accuracy']:.1%} of {found['n']}")


if __name__ == "__main__":
    main()
