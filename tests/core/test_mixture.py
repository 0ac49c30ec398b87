"""Two heads to be mixed: what of them counts, what is refused, and that they survive the file between two processes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from clip_head.core.errors import RequestError
from clip_head.core.mixture import MIXTURE, Mixture, Parent, check_mixture, load_mixture, save_mixture
from clip_head.core.request import check_request
from clip_head.core.types import Hairstyle, HeadRequest, Latents, ModelCard

from .test_exchange import assert_same


def parent(prompt: str, size: int = 8, codes: int = 5) -> Parent:
    random = np.random.default_rng(len(prompt))
    return Parent(
        HeadRequest(prompt, seed=len(prompt), texture_size=64),
        Latents(*random.normal(size=(2, codes)).astype(np.float32)),
        random.integers(0, 256, (size, size, 3), np.uint8),
        {
            "Eye": random.integers(0, 256, (4, 4, 3), np.uint8),
            "Hair, lang": random.integers(0, 256, (4, 4, 4), np.uint8),
        },
        (ModelCard("nphm", "ä model", "CC0-1.0", "a test"),),
        "pale skin",
    )


@pytest.fixture
def mixture() -> Mixture:
    return Mixture(parent("an old man"), parent("ein Mädchen", 16), 0.3, {"jawOpen": 0.1 + 0.2})


def test_it_comes_back_as_it_was(mixture: Mixture, tmp_path: Path) -> None:
    dressed = replace(mixture, second=replace(mixture.second, hairstyle=Hairstyle({"bob01": 0.5}, part=-0.5)))
    for one in (mixture, dressed):
        save_mixture(one, tmp_path / MIXTURE)
        assert_same(load_mixture(tmp_path / MIXTURE), one)


def test_the_nearer_head_decides_what_cannot_be_halved(mixture: Mixture) -> None:
    assert mixture.nearer is mixture.first
    assert replace(mixture, fraction=0.5).nearer is mixture.second
    assert mixture.request == replace(
        mixture.first.request, prompt="between an old man and ein Mädchen", texture_size=16, surface="asset"
    )
    ends = [replace(mixture, fraction=fraction).request.prompt for fraction in (0.0, 1.0)]
    assert ends == ["an old man", "ein Mädchen"]


def test_long_prompts_stay_within_what_may_be_asked_for(mixture: Mixture) -> None:
    long = replace(parent("a man", size=64), request=HeadRequest("a man " * 300))
    check_request(replace(mixture, first=long, second=long).request)


@pytest.mark.parametrize("fraction", [-0.1, 1.5, float("nan")])
def test_a_fraction_out_of_range_is_named(mixture: Mixture, fraction: float) -> None:
    with pytest.raises(RequestError, match=str(fraction)):
        check_mixture(replace(mixture, fraction=fraction))


def test_heads_of_different_models_are_refused_before_any_work(mixture: Mixture) -> None:
    check_mixture(mixture)
    with pytest.raises(RequestError, match="5 and 7 numbers"):
        check_mixture(replace(mixture, second=parent("another", codes=7)))
