"""The training loop on several processes, as ``torchrun`` starts them."""
from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from test_model import encoder  # noqa: E402, F401

SCRIPT = """
import sys; sys.path.insert(0, {tests!r})
from pathlib import Path
import torch
import test_model
training = test_model.fitting(Path({encoder!r}), examples=96)
saved = []
training.run(lambda averages, figures: saved.append(figures))
torch.save([training.step, training.seen, len(saved), dict(training.weights)], {out!r} + str(training.rank))
"""


def learn(model: Path, out: Path, processes: int) -> list[list]:
    """Runs the script in processes that find each other by torchrun's variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    script = SCRIPT.format(tests=str(Path(__file__).parent), encoder=str(model), out=str(out))
    variables = {"WORLD_SIZE": str(processes), "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": port, "OMP_NUM_THREADS": "1"}
    started = [subprocess.Popen([sys.executable, "-c", script], env=os.environ | variables | {"RANK": str(rank)})
               for rank in range(processes)]
    assert [process.wait(300) for process in started] == [0] * processes
    return [torch.load(f"{out}{rank}") for rank in range(processes)]


def test_processes_that_learn_together_stay_equal_and_the_first_one_saves(encoder, tmp_path):  # noqa: F811
    one, other = learn(encoder, tmp_path / "result", 2)
    assert one[:2] == other[:2]
    assert (one[2], other[2]) == (1, 0)
    for name, weight in one[3].items():
        torch.testing.assert_close(weight, other[3][name])
