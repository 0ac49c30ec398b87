"""Mixed precision: where training computes in bfloat16."""

from __future__ import annotations

import torch

#: CPU capabilities, by torch's names, without instructions for bfloat16: there it is several times slower than float32.
WITHOUT = ("DEFAULT", "AVX2")


def mixed(device: str) -> torch.autocast:
    """Autocast to bfloat16 where that is quicker: on graphics cards, and on CPUs from AVX-512 on.

    device: torch's name of it ("cpu", "cuda:0").
    """
    kind = device.split(":")[0]
    quick = kind != "cpu" or torch.backends.cpu.get_cpu_capability() not in WITHOUT
    return torch.autocast(kind, torch.bfloat16, enabled=quick)
