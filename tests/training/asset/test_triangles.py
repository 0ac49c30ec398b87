"""Triangles that go through each other are found."""

import numpy as np

from clip_head.training.asset.triangles import crossing_pairs, triangles

from .test_evaluate import sheet


def test_triangles_cross_where_an_edge_goes_through_and_neighbours_do_not() -> None:
    points, quads = sheet()
    faces = triangles(quads)
    assert len(crossing_pairs(points, faces)) == 0
    spike = np.array([[0.001, 0.002, -0.002], [0.001, 0.002, 0.002], [0.004, 0.002, 0.002]], np.float32)
    both = np.concatenate([points, spike])
    crossing = crossing_pairs(both, np.concatenate([faces, [[81, 82, 83]]]).astype(np.int32))
    assert len(crossing) >= 1
    assert (crossing == len(faces)).any(axis=1).all()
    apart = np.concatenate([points, spike + np.array([0, 0, 0.003], np.float32)])
    assert len(crossing_pairs(apart, np.concatenate([faces, [[81, 82, 83]]]).astype(np.int32))) == 0
