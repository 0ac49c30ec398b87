"""Surfaces that touch along an edge come apart into surfaces whose every edge has two triangles."""

import numpy as np

from clip_head.core.nphm.simplify import split_shared_edges

TETRAHEDRON = np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], dtype=np.int32)


def edge_counts(faces):
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    return np.unique(edges, axis=0, return_counts=True)[1]


def test_two_tetrahedra_that_share_an_edge_come_apart():
    vertices = np.float32([[0, 0, 0], [1, 0, 0], [0.5, 1, 0], [0.5, 0.5, 1], [0.5, -1, 0], [0.5, -0.5, -1]])
    second = np.array([0, 1, 4, 5])[TETRAHEDRON]
    faces = np.concatenate([TETRAHEDRON, second]).astype(np.int32)
    a, b, c = (vertices[second[:, k]] for k in range(3))
    if np.einsum("ij,ij->", a - vertices[0], np.cross(b, c)) < 0:
        faces[4:] = faces[4:, ::-1]
    assert 4 in edge_counts(faces)
    points, triangles = split_shared_edges(vertices, faces)
    assert (edge_counts(triangles) == 2).all()
    assert len(points) == 8
    np.testing.assert_array_equal(points[triangles], vertices[faces])
    assert not set(triangles[:4].ravel()) & set(triangles[4:].ravel())


def test_a_surface_without_touching_sheets_stays_as_it_is():
    vertices = np.float32([[0, 0, 0], [1, 0, 0], [0.5, 1, 0], [0.5, 0.5, 1]])
    points, triangles = split_shared_edges(vertices, TETRAHEDRON)
    assert points is vertices
    assert triangles is TETRAHEDRON
