"""bfloat16 where it is quick."""

import pytest
import torch

from clip_head.training.engine import autocast


@pytest.mark.parametrize(("capability", "quick"), [("AVX2", False), ("DEFAULT", False), ("AVX512", True)])
def test_a_cpu_computes_in_bfloat16_only_where_it_has_instructions_for_it(
    monkeypatch: pytest.MonkeyPatch, capability: str, quick: bool
) -> None:
    monkeypatch.setattr(torch.backends.cpu, "get_cpu_capability", lambda: capability)
    with autocast.mixed("cpu"):
        made = torch.nn.functional.linear(torch.ones(1, 4), torch.ones(2, 4))
    assert (made.dtype == torch.bfloat16) == quick


def test_a_graphics_card_always_does() -> None:
    assert autocast.mixed("cuda:1").fast_dtype == torch.bfloat16
