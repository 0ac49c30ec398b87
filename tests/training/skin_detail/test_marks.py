"""What words ask for marks, learnt from captions."""

from __future__ import annotations

import re

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.texture.albedo.marks import load_marks
from clip_head.training.skin_detail.marks import draw_caption
from clip_head.training.teacher.identities import mean_adult


def test_captions_speak_of_every_kind_of_mark_and_often_of_none() -> None:
    rng = np.random.default_rng(0)
    told = [draw_caption(mean_adult(), rng) for _ in range(400)]
    for kind in load_marks(EMBEDDED / "texture"):
        assert sum(kind in kinds for _, kinds in told) > 3, kind
    assert sum(not kinds for _, kinds in told) > 80
    for words, kinds in told:
        assert ("freckl" in words) == ("freckles" in kinds), words
        assert bool(re.search(r"\bscar(s|red|-faced)?\b", words)) == any("scar" in kind for kind in kinds), words
