"""Two things at a time in one process: numpy in a thread of its own while torch works in this one."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import torch

#: Seconds after which a thread of Python lets another one go on. With the usual 0.005, torch, which lets go at each
#: layer, would wait so long for the next one.
_SWITCH_SECONDS = 0.0002


@contextmanager
def beside(wanted: bool) -> Iterator[ThreadPoolExecutor]:
    """A thread for work that nothing waits for meanwhile; at the end it is through.

    wanted: whether there will be any. If so, torch leaves one core to it.
    """
    threads, interval = torch.get_num_threads(), sys.getswitchinterval()
    if wanted:
        torch.set_num_threads(max(1, threads - 1))
        sys.setswitchinterval(_SWITCH_SECONDS)
    try:
        with ThreadPoolExecutor(1) as pool:
            yield pool
    finally:
        torch.set_num_threads(threads)
        sys.setswitchinterval(interval)
