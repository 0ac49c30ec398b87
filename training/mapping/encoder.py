"""Codes of the teacher's people: what the pairs ask for."""

from __future__ import annotations

import numpy as np

from clip_head.core.types import Floats
from clip_head.training.nphm.projection import Projection
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import Attributes, TeacherDataset
from clip_head.training.teacher.identities import SHAPES, base_vertices, build_basis, describe, mean_adult
from clip_head.training.teacher.template import build_topology


class Encoder:
    """Codes (D,) without hair of people, by projection of the teacher's heads."""

    def __init__(self, dataset: TeacherDataset, codes: Projection) -> None:
        """dataset: the teacher; codes: how its heads become codes."""
        self.dataset, self.codes = dataset, codes
        self.basis = build_basis(build_topology().base)
        self.base = base_vertices(self.basis, mean_adult())
        self.mean = self(mean_adult())

    def __call__(self, person: Attributes) -> Floats:
        moved = self.dataset.subdivision @ (base_vertices(self.basis, person) - self.base)
        return self.codes.code((self.dataset.template.vertices + moved).astype(np.float32))

    def shape_offset(self, shapes: dict[str, float]) -> Floats:
        """How the code (D,) of the mean adult moves with shapes.

        shapes: name -> value.
        """
        adult = mean_adult()
        return self(describe(adult.gender, adult.age, adult.ancestry, adult.weight, shapes)) - self.mean

    def variation(self) -> Floats:
        """(K, D) how codes move along VARIATION_AXES: to a woman, to old age, to an ancestry, to weight, and with every
        shape."""
        even = mean_adult().ancestry

        def code(
            gender: float = 0.5, age: float = 35.0, ancestry: dict[str, float] = even, weight: float = 0.5
        ) -> Floats:
            return self(describe(gender, age, ancestry, weight, {}))

        african, asian = ({race: float(race == one) for race in RACES} for one in ("african", "asian"))
        phenotype = [code(1.0) - code(0.0), code(age=75.0) - code()]
        phenotype += [code(ancestry=african) - code(), code(ancestry=asian) - code()]
        phenotype[0] /= 2
        shapes = [
            (self.shape_offset({name: 1.0}) - self.shape_offset({name: -1.0})) / 2
            if shape.less
            else self.shape_offset({name: 1.0})
            for name, shape in SHAPES.items()
        ]
        return np.stack([*phenotype, code(weight=1.0) - code(), *shapes]).astype(np.float32)


def principal_axes(codes: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (D,) and orthonormal axes (count, D), in the order of falling variance.

    codes: (N, D).
    count: how many axes.
    """
    mean = codes.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((codes - mean).T))
    return mean, np.ascontiguousarray(axes[:, ::-1][:, :count].T, dtype=np.float32)
