"""How long a head takes as an asset of quads and as the paper's raw surface: seconds by stage, and their ratio.

    python -m benchmarks.asset
    python -m benchmarks.asset --rounds 3 --resolution 192 --texture-size 256

Both ways alternate in one process, so that what else the machine does slows both. The figures are medians over rounds,
each of another seed: of every stage from words to a finished head, of the 52 facial actions of an asset alone, and of
adding a finished head to a scene of Blender. Wall time counts waiting for other processes, CPU time does not.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from clip_head.core.asset.head import place_head
from clip_head.core.asset.template import AssetTemplate
from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import Models, generate_head, load_models
from clip_head.core.types import HeadRequest

#: The two ways.
WAYS = ("raw", "asset")
#: Wall and CPU seconds by step.
Seconds = dict[str, tuple[float, float]]


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, default=EMBEDDED, help="folder of all models")
    parser.add_argument("--prompt", default="an old man with a beard, laughing")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--resolution", type=int, default=256, help="of the raw surface")
    parser.add_argument("--texture-size", type=int, default=512)
    parser.add_argument("--no-scene", action="store_true", help="leave Blender out")
    options = parser.parse_args()

    models = load_models(options.weights)
    if models.asset is None:
        raise SystemExit(f"The models in {options.weights} make no assets.")
    rows: dict[str, list[Seconds]] = {way: [] for way in WAYS}
    # The first round is not counted: what is loaded or compiled once is so in it.
    for number in range(options.rounds + 1):
        for way in WAYS:
            request = HeadRequest(
                options.prompt,
                seed=number,
                resolution=options.resolution,
                texture_size=options.texture_size,
                surface=way,
            )
            row = measured(request, models, models.asset, not options.no_scene)
            if number:
                rows[way].append(row)
            print(f"{number} {way:<6} {' '.join(f'{name} {cpu:.2f}' for name, (_, cpu) in row.items())}", flush=True)
    for k, what in enumerate(("wall", "CPU")):
        print(table(what, *({name: row[k] for name, row in medians(rows[way]).items()} for way in WAYS)))


def measured(request: HeadRequest, models: Models, template: AssetTemplate, scene: bool) -> Seconds:
    """What each step of one head takes.

    request: of the head.
    models: loaded; template: theirs of assets.
    scene: whether it is also added to a scene of Blender.
    """
    watch = Stopwatch()
    watch.progress("finished head", 0.0)
    head = generate_head(request, models, watch.progress)
    watch.progress("finished head", 1.0)
    if head.asset is not None and head.latents is not None:
        watch.progress("52 actions alone", 0.0)
        place_head(template, head.latents.z_id)
        watch.progress("52 actions alone", 1.0)
    if scene:
        import bpy

        from clip_head.scene.head import add_head

        bpy.ops.wm.read_factory_settings(use_empty=True)
        watch.progress("adding to a scene", 0.0)
        add_head(head, bpy.context.scene)
        bpy.context.view_layer.update()
        watch.progress("adding to a scene", 1.0)
    return watch.seconds


class Stopwatch:
    """Times the stages that a Progress is told of; `seconds` holds those that have ended."""

    def __init__(self) -> None:
        self.seconds: Seconds = {}
        self._begun: dict[str, tuple[float, float]] = {}

    def progress(self, stage: str, fraction: float) -> None:
        """A Progress: a stage begins where it is first told, and ends where its fraction is last told to be 1."""
        now = perf_counter(), process_time()
        wall, cpu = self._begun.setdefault(stage, now)
        if fraction >= 1.0:
            self.seconds[stage] = now[0] - wall, now[1] - cpu


def medians(rows: list[Seconds]) -> Seconds:
    """The medians of wall and CPU seconds of each step.

    rows: of one way; all have the same steps.
    """
    return {
        name: (float(np.median([row[name][0] for row in rows])), float(np.median([row[name][1] for row in rows])))
        for name in rows[0]
    }


def table(what: str, raw: dict[str, float], asset: dict[str, float]) -> str:
    """Seconds of both ways, and how many times as long the asset takes.

    what: the kind of seconds.
    raw, asset: by step.
    """
    lines = [f"{what + ' seconds, medians':<24}{'raw':>9}{'asset':>9}{'ratio':>9}"]
    for name, seconds in asset.items():
        other = raw.get(name)
        beside = ("", "") if other is None else (f"{other:.2f}", f"{seconds / other:.2f}" if other else "")
        lines.append(f"{name:<24}{beside[0]:>9}{seconds:>9.2f}{beside[1]:>9}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
