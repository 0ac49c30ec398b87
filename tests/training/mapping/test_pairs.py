"""Captions and codes: what captions about expressions ask for, and pairs that were written before these were mixed."""

import json
import re

import numpy as np
import torch

from clip_head.core.models import EMBEDDED
from clip_head.training.language.features import NAMED
from clip_head.training.mapping.descriptions import expression_sentences
from clip_head.training.mapping.examples import sentence_examples
from clip_head.training.mapping.pairs import load_pairs

ACTIONS = json.loads((EMBEDDED / "nphm" / "model.json").read_text())["config"]["actions"]


def test_pairs_of_one_expression_a_phrase_and_of_five_beards_are_still_read():
    pairs = load_pairs(EMBEDDED / "pairs")
    rows = pairs.expression[pairs.expression >= 0]
    table = pairs.expressions
    assert pairs.z_exp.shape == (len(pairs.phrases), 52)
    loud = pairs.z_exp[pairs.expression >= 0]
    direction = (loud * table[rows]).sum(axis=1)
    assert np.allclose(direction**2, (loud**2).sum(axis=1) * (table[rows] ** 2).sum(axis=1), rtol=1e-3)
    examples = sentence_examples(pairs, torch.zeros(400, 8))
    assert examples.beards.shape[1] == len(pairs.beards) + 1
    spoken = examples.beard_said.numpy() > 0
    assert 0 < spoken.sum() < 200 and (examples.beards[~spoken, -1] == 1).all()


def test_captions_ask_for_what_they_say_alone_together_or_not_at_all():
    texts, rows, z_exp = expression_sentences(3000, 0, ACTIONS)
    alone = rows >= 0
    names = list(NAMED)
    np.testing.assert_array_equal((z_exp[alone] > 0).any(axis=1), rows[alone] != names.index("neutral"))
    assert 0.7 < alone.mean() < 0.85
    denied = np.array([bool(re.search(r"\bnot (smiling|happy|angry|laughing|sad|crying)\b", text)) for text in texts])
    quiet = denied & ~np.array(["," in text or "but" in text or " and " in text for text in texts])
    assert quiet.sum() > 3 and not z_exp[quiet].any()
    assert (z_exp[~alone] > 0).any(axis=1).mean() > 0.5, "several at once"
