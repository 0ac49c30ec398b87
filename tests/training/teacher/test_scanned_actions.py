"""The scans' actions under ARKit's names, in the place of the present ones."""

import numpy as np
import pytest
import scipy.sparse as sp

from clip_head.core.errors import ModelError
from clip_head.training.teacher.dataset import Expressions
from clip_head.training.teacher.scanned_actions import scanned_actions, with_scanned_actions
from clip_head.training.teacher.template import Topology

NAMES = ("browInnerUp_L", "browInnerUp_R", "eyeLookUp_L", "jawOpen", "mouthSmile_L")


@pytest.fixture
def present():
    actions = ("browInnerUp", "eyeLookUpLeft", "jawOpen", "mouthSmileLeft", "tongueOut")
    basis = np.full((5, 4, 3), 7.0, np.float32)
    return Expressions(actions, basis, {"neutral": {}}, np.ones((4, 3), np.float32))


@pytest.fixture
def topology():
    """Two base vertices; four of the template, of which the last is an eyeball's."""
    matrix = sp.csr_matrix(np.array([[1, 0], [0.5, 0.5], [0, 1], [0, 1]], np.float32))
    return Topology(np.arange(2), matrix, np.zeros((0, 3), int), np.zeros((0, 3, 2)), np.zeros(0, np.uint8))


def scanned(names):
    """Every scan moves the second of its three vertices by its number."""
    deltas = np.zeros((len(names), 3, 3), np.float16)
    deltas[:, 1, 0] = np.arange(1, len(names) + 1)
    return scanned_actions(names, deltas)


def carry(deltas):
    """The first two vertices of the scans are the base's; centimetres become tenths."""
    return deltas[:2] / 10


def eyes():
    return {"left_eye": np.arange(4) == 3, "right_eye": np.zeros(4, bool)}


def test_sides_are_named_as_arkit_does_and_halves_joined():
    actions = scanned(NAMES)
    assert set(actions) == {"browInnerUp", "eyeLookUpLeft", "jawOpen", "mouthSmileLeft"}
    assert actions["browInnerUp"][1, 0] == 1 + 2
    assert actions["mouthSmileLeft"][1, 0] == 5


def test_scans_replace_actions_on_the_skin(present, topology):
    made = with_scanned_actions(present, topology, eyes(), scanned(NAMES), carry)
    assert made.actions == present.actions
    smile = made.basis[made.actions.index("mouthSmileLeft")]
    np.testing.assert_allclose(smile[:, 0], [0.0, 0.25, 0.5, 0.0])


def test_eyeballs_and_what_no_scan_shows_stay_as_they_are(present, topology):
    made = with_scanned_actions(present, topology, eyes(), scanned(NAMES), carry)
    look = made.basis[made.actions.index("eyeLookUpLeft")]
    np.testing.assert_allclose(look[3], 7.0)
    np.testing.assert_allclose(look[2, 0], 0.3)
    np.testing.assert_array_equal(made.basis[made.actions.index("tongueOut")], present.basis[-1])
    np.testing.assert_array_equal(made.closing, present.closing)
    assert present.basis.min() == 7.0


def test_an_action_that_arkit_does_not_know_is_named(present, topology):
    with pytest.raises(ModelError, match="earWiggle"):
        with_scanned_actions(present, topology, eyes(), scanned(("earWiggle",)), carry)
