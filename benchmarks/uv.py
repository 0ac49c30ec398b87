"""How good the aligned UV is over many heads: folds, distortion, how far landmarks wander, seconds.

    python -m benchmarks.uv --teacher out/training/teacher     the teacher's heads, every hair style in turn
    python -m benchmarks.uv                                    rough heads of joined ellipsoids, for a bare clone

Distortion is measured per triangle and averaged by area: quasi-conformal, the ratio of the largest to the smallest
stretch (1 is angle-preserving); area, the factor by which a triangle is larger or smaller than the mean scale says.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import perf_counter, process_time

import numpy as np
from scipy.spatial import cKDTree

from clip_head.benchmarks.heads import rough_head
from clip_head.core.types import HeadMesh, UnwrappedMesh
from clip_head.core.uv import load_layout, unwrap
from clip_head.core.uv.harmonic import flipped

#: Depth under the surface, units (4 mm), from which on a landmark is covered by hair and left out.
_COVERED = 0.015

#: Landmarks by name: positions (3,), units, or uv (2,).
Places = dict[str, np.ndarray]
#: A head to unwrap: its name, its mesh, and the positions of its landmarks.
Sample = tuple[str, HeadMesh, Places]


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", type=Path, help="folder of the teacher dataset")
    parser.add_argument("--count", type=int, default=200, help="number of heads")
    parser.add_argument("--step", type=float, default=0.009, help="grid spacing of rough heads")
    parser.add_argument("--layout", type=Path, help="another layout file")
    options = parser.parse_args()

    layout = load_layout(options.layout)
    samples = teacher_heads(options.teacher, options.count) if options.teacher else rough_heads(options)
    rows: list[tuple[float, ...]] = []
    places: list[Places] = []
    repaired = 0
    with suppress(KeyboardInterrupt):  # Ctrl-C reports what has been measured so far
        for name, mesh, landmarks in samples:
            wall, processor = perf_counter(), process_time()
            result = unwrap(mesh, layout)
            seconds = perf_counter() - wall, process_time() - processor
            conformal, area = distortion(result)
            folds = int(flipped(result.uv.astype(np.float64), result.faces.astype(np.int64)).sum())
            rows.append((len(result.faces), folds, conformal, area, *seconds))
            places.append(locate(result, landmarks))
            repaired += bool(result.repairs)
            print(
                f"{name:24}{len(result.faces):8}{folds:6}{conformal:8.2f}{area:8.2f}{seconds[0]:8.2f}  ",
                end="",
                flush=True,
            )
            print("; ".join(result.repairs), flush=True)
    report(np.array(rows), places, repaired)


def report(rows: np.ndarray, places: list[Places], repaired: int) -> None:
    """Print the table of means and worst cases, then the landmarks."""
    names = ("triangles", "flipped triangles", "quasi-conformal", "area distortion", "seconds (wall)", "seconds (CPU)")
    print(f"\n{len(rows)} heads, {repaired} of them mended; flipped triangles in all: {int(rows[:, 1].sum())}")
    print(f"{'':24}{'mean':>10}{'median':>10}{'worst':>10}")
    for name, column in zip(names, rows.T, strict=True):
        print(f"{name:24}{column.mean():10.2f}{np.median(column):10.2f}{column.max():10.2f}")
    print(
        "\nmean place of each landmark (fraction of the image), its spread (standard deviation, %), heads that show it"
    )
    print(f"{'landmark':24}{'u':>8}{'v':>8}{'spread u':>10}{'spread v':>10}{'seen':>6}")
    for name in sorted({name for head in places for name in head}):
        uv = np.array([head[name] for head in places if name in head])
        mean, spread = uv.mean(axis=0), 100 * uv.std(axis=0)
        print(f"{name:24}{mean[0]:8.3f}{mean[1]:8.3f}{spread[0]:10.2f}{spread[1]:10.2f}{len(uv):6}")


def teacher_heads(folder: Path, count: int) -> Iterator[Sample]:
    """Random heads of the dataset, hair styles in turn."""
    from clip_head.training.teacher.dataset import head_vertices, interpolate, load_teacher, teacher_mesh

    dataset = load_teacher(folder)
    template, styles = dataset.template, list(dataset.styles)
    drawn = np.random.default_rng(0).choice(len(dataset.attributes), count, replace=False)
    for number, index in enumerate(drawn):
        style = styles[number % len(styles)]
        head = teacher_mesh(dataset, int(index), style)
        points = interpolate(template.vertices, template.faces, head.template_face, head.template_bary)
        mesh = HeadMesh(head.vertices, head.faces, np.zeros_like(head.vertices), points.astype(np.float32))
        skin = head_vertices(dataset, int(index))
        yield f"{index} {style}", mesh, {name: skin[vertex] for name, vertex in template.landmarks.items()}


def rough_heads(options: argparse.Namespace) -> Iterator[Sample]:
    """Heads that need no data; their only landmark is the tip of the nose."""
    for seed in range(options.count):
        mesh = rough_head(seed, options.step)
        near = np.abs(mesh.vertices[:, 1] + 0.03) < 0.1
        tip = mesh.vertices[near][np.argmax(mesh.vertices[near, 2])]
        yield f"rough {seed}", mesh, {"nose_tip": tip}


def locate(mesh: UnwrappedMesh, landmarks: Places) -> Places:
    """uv of the landmarks that lie on the surface."""
    distance, vertex = cKDTree(mesh.vertices).query(np.array(list(landmarks.values())))
    nearest = zip(landmarks, distance, vertex, strict=True)
    return {name: mesh.uv[index] for name, depth, index in nearest if depth < _COVERED}


def distortion(mesh: UnwrappedMesh) -> tuple[float, float]:
    """Quasi-conformal and area distortion, means weighted by the triangles' area."""
    a, b, c = (mesh.vertices[mesh.faces[:, k]].astype(np.float64) for k in range(3))
    normal = np.cross(b - a, c - a)
    area = 0.5 * np.linalg.norm(normal, axis=1)
    kept = area > 1e-12
    a, b, c, normal, area = a[kept], b[kept], c[kept], normal[kept], area[kept]
    along = (b - a) / np.linalg.norm(b - a, axis=1, keepdims=True)
    across = np.cross(normal / (2 * area[:, None]), along)
    width = np.linalg.norm(b - a, axis=1)
    foot, height = np.einsum("fk,fk->f", c - a, along), np.einsum("fk,fk->f", c - a, across)
    p, q, r = (mesh.uv[mesh.faces[kept][:, k]].astype(np.float64) for k in range(3))
    first = (q - p) / width[:, None]
    second = (r - p - first * foot[:, None]) / height[:, None]
    large, small = np.linalg.svd(np.stack([first, second], 2), compute_uv=False).T
    conformal = np.minimum(large / np.maximum(small, 1e-12), 100)
    scale = large * small / (np.sum(area * large * small) / area.sum())
    uneven = np.minimum(np.maximum(scale, 1 / np.maximum(scale, 1e-12)), 100)
    return float(np.average(conformal, weights=area)), float(np.average(uneven, weights=area))


if __name__ == "__main__":
    main()
