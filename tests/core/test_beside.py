"""A thread beside torch: it works meanwhile, and leaves everything as it was."""

import sys
import threading

import pytest
import torch

from clip_head.core.beside import beside


def settings() -> tuple[int, float]:
    return torch.get_num_threads(), sys.getswitchinterval()


def test_work_is_done_in_another_thread_and_the_settings_come_back() -> None:
    before = settings()
    with beside(True) as pool:
        assert settings()[0] == max(1, before[0] - 1) and settings()[1] < before[1]
        assert pool.submit(threading.get_ident).result() != threading.get_ident()
    assert settings() == pytest.approx(before)


def test_without_work_nothing_is_set() -> None:
    before = settings()
    with beside(False):
        assert settings() == before


def test_an_error_ends_it_and_the_settings_come_back() -> None:
    before, done = settings(), list[int]()

    def fail() -> None:
        with beside(True) as pool:
            pool.submit(done.append, 1)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert done == [1] and settings() == pytest.approx(before)
