"""``python -m nl2sql.model.average A B --out C``: the mean of weights from one training, which errs less than either.

Model soups (Wortsman et al. 2022): trainings that began with the same weights and went different ways, or two points of one way.
"""
from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from nl2sql.errors import BadInput
from nl2sql.model import weights


def average(folders: Sequence[Path], out: Path) -> None:
    """PEFT directories of one shape -> another; what is said of the weights is the last one's. Raises ``BadInput``."""
    import torch

    parts = [weights.read(folder) for folder in folders]
    shapes = [{name: tensor.shape for name, tensor in part.items()} for part in parts]
    for folder, shape in zip(folders, shapes, strict=True):
        if shape != shapes[0]:
            raise BadInput(f"The weights in {folder} are not of the same shape as those in {folders[0]}.")
    mean = {weights.PREFIX + name: torch.stack([part[name] for part in parts]).mean(0) for name in parts[0]}
    about = json.loads((folders[-1] / weights.DESCRIPTION).read_text(encoding="utf-8"))
    weights.write(out, weights.half(mean), about, (folders[-1] / weights.CARD).read_text(encoding="utf-8"))
    shutil.copyfile(folders[-1] / weights.CONFIG, out / weights.CONFIG)


def main(words: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m nl2sql.model.average", description=(__doc__ or "").splitlines()[0])
    options.add_argument("folders", nargs="+", type=Path, metavar="DIR", help="directories of weights, the newest last")
    options.add_argument("--out", type=Path, required=True, help="directory of their mean")
    given = options.parse_args(words)
    for folder in given.folders:
        weights.describe(folder)
    average(given.folders, given.out)


if __name__ == "__main__":
    try:
        main()
    except BadInput as error:
        print(error, file=sys.stderr)
        sys.exit(2)
