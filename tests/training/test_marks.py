"""What words ask for marks, learnt from captions."""

from __future__ import annotations

import numpy as np

from clip_head.training.captions import ON_SKIN
from clip_head.training.marks import draw_caption
from clip_head.training.teacher.identities import mean_adult


def test_captions_speak_of_every_kind_of_mark_and_often_of_none() -> None:
    rng = np.random.default_rng(0)
    told = [draw_caption(mean_adult(), rng) for _ in range(300)]
    spoken = np.array([[any(way in words for way in ways) for ways in ON_SKIN.values()] for words in told])
    assert (spoken[:, [list(ON_SKIN).index(kind) for kind in ("freckles", "blemishes", "age_spots")]].sum(0) > 3).all()
    assert (~spoken.any(axis=1)).mean() > 0.3
