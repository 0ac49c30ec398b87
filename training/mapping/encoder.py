"""Identity codes of people by their attributes: what the captions of the pairs ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from clip_head.core.types import Floats
from clip_head.training.nphm.projection import Projection
from clip_head.training.teacher.base_mesh import RACES
from clip_head.training.teacher.dataset import Attributes, TeacherDataset
from clip_head.training.teacher.identities import (
    SHAPES,
    base_vertices,
    basis_of,
    describe,
    mean_adult,
    shape_fields,
    shape_reading,
    template_base,
)
from clip_head.training.teacher.modes import held_out_modes


class Encoder:
    """Codes (D,), without hair and beard, of people: their heads are made as the teacher's are, and projected."""

    def __init__(self, dataset: TeacherDataset, projection: Projection) -> None:
        """Read what heads are made of.

        dataset: the teacher.
        projection: from heads to codes.
        """
        self.dataset, self.projection = dataset, projection
        self.basis = basis_of(dataset.folder)
        self.base = template_base(self.basis)
        self.mean = self(mean_adult())

    def __call__(self, person: Attributes) -> Floats:
        """The code (D,) of a person.

        person: whose head.
        """
        displacement = self.dataset.subdivision @ (base_vertices(self.basis, person) - self.base)
        return self.projection.code((self.dataset.template.vertices + displacement).astype(np.float32))

    def shape_offset(self, shapes: dict[str, float]) -> Floats:
        """The difference (D,) that shapes make to the code of the mean adult.

        shapes: name -> value.
        """
        adult = mean_adult()
        return self(describe(adult.gender, adult.age, adult.ancestry, adult.weight, shapes)) - self.mean

    def variation(self) -> Floats:
        """(K, D) difference that one unit along each of VARIATION_AXES makes to a code: from between man and woman to
        woman, from 35 years to 75, from a mixed ancestry to one, from middling weight to heavy, and every shape from 0
        to 1."""
        mixed = mean_adult().ancestry

        def code(
            gender: float = 0.5, age: float = 35.0, ancestry: dict[str, float] = mixed, weight: float = 0.5
        ) -> Floats:
            return self(describe(gender, age, ancestry, weight, {}))

        african, asian = ({race: float(race == name) for race in RACES} for name in ("african", "asian"))
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

    def modes(self) -> Floats:
        """(M, D) difference that each of the scans' modes that training heads have makes to a code, at weight 1; none
        without scans."""
        count = self.basis.mode_count
        rows = []
        for weights in np.eye(count)[~held_out_modes(count)]:
            codes = [self(replace(mean_adult(), modes=tuple((sign * weights).tolist()))) for sign in (1, -1)]
            rows.append((codes[0] - codes[1]) / 2)
        return np.stack(rows) if rows else np.zeros((0, len(self.mean)), np.float32)

    def readings(self) -> Floats:
        """(S, S + M) what is seen of each of SHAPES where each of them is 1, and each of the modes of `modes`."""
        reading, used = shape_reading(self.basis)
        fields = shape_fields(self.basis)
        if self.basis.people is not None:
            kept = ~held_out_modes(self.basis.mode_count)
            fields = np.concatenate([fields, self.basis.people.modes[kept]])
        return np.einsum("suc,kuc->sk", reading, fields[:, used]).astype(np.float32)


def principal_axes(codes: Floats, count: int) -> tuple[Floats, Floats]:
    """Mean (D,) and orthonormal axes (count, D), in the order of falling variance.

    codes: (N, D).
    count: number of axes.
    """
    mean = codes.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov((codes - mean).T))
    return mean, np.ascontiguousarray(axes[:, ::-1][:, :count].T, dtype=np.float32)
