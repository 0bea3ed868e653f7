"""The decoder's cached steps: hypotheses that change places, contexts that leave, weights in half precision."""
from __future__ import annotations

from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from nl2sql.model.decoding import Stepper  # noqa: E402
from nl2sql.model.network import Head, Shape  # noqa: E402
from nl2sql.model.packing import Half, pack  # noqa: E402
from nl2sql.model.plain import PlainGpt2  # noqa: E402

SHAPE = Shape(width=64, heads=2, relation_layers=0, decoder_layers=2, positions=60)
SLOTS = 7


@pytest.fixture(params=[SHAPE, replace(SHAPE, decoder_width=48, decoder_heads=4)], ids=["plain", "narrower"])
def head(request) -> Head:
    torch.manual_seed(0)
    decoder = PlainGpt2(request.param)
    for weight in decoder.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return Head(request.param, decoder).requires_grad_(False)


def stepper(head: Head, beam: int, contexts: int = 1) -> Stepper:
    slots = torch.randn(contexts, SLOTS, SHAPE.width, generator=torch.Generator().manual_seed(1))
    everywhere = torch.ones(contexts, SLOTS, dtype=torch.bool)
    return Stepper(head, slots, everywhere, everywhere, beam)


def alone(head: Head, symbols: list[int]):
    """The logits after a sequence that is fed by itself."""
    steps = stepper(head, 1)
    return [steps.step(torch.tensor([[symbol]])) for symbol in symbols][-1][0, 0]


def test_hypotheses_that_change_places_keep_their_own_past(head):
    steps = stepper(head, 2)
    steps.step(torch.tensor([[5, 6]]))
    steps.reorder(torch.tensor([0]), torch.tensor([[1, 0]]))
    steps.step(torch.tensor([[7, 8]]))
    steps.reorder(torch.tensor([0]), torch.tensor([[0, 0]]))
    found = steps.step(torch.tensor([[9, 10]]))[0]
    torch.testing.assert_close(found[0], alone(head, [6, 7, 9]))
    torch.testing.assert_close(found[1], alone(head, [6, 7, 10]))


def test_a_context_that_leaves_takes_nothing_from_the_others(head):
    steps = stepper(head, 2, contexts=3)
    first = stepper(head, 2, contexts=3)
    for symbols in ([[5, 6], [7, 8], [9, 10]], [[11, 12], [13, 14], [15, 16]]):
        expected = first.step(torch.tensor(symbols))
    steps.step(torch.tensor([[5, 6], [7, 8], [9, 10]]))
    steps.reorder(torch.tensor([0, 2]), torch.tensor([[0, 1], [0, 1]]))
    torch.testing.assert_close(steps.step(torch.tensor([[11, 12], [15, 16]])), expected[[0, 2]])


def test_long_queries_find_room(head):
    symbols = [4 + i % 50 for i in range(55)]
    steps = stepper(head, 3)
    for symbol in symbols:
        found = steps.step(torch.full((1, 3), symbol))
    torch.testing.assert_close(found[0, 2], alone(head, symbols))


def test_half_precision_moves_no_score_by_a_thousandth(head):
    before = alone(head, [5, 6, 7]).log_softmax(-1)
    pack(head)
    if not any(isinstance(layer, Half) for layer in head.modules()):
        pytest.skip("no FBGEMM for this processor")
    after = alone(head, [5, 6, 7]).log_softmax(-1)
    assert 0 < (after - before).abs().max() < 1e-3
