"""How long a head takes as an asset of quads and as the paper's raw surface: seconds by stage, and their ratio; and how
long the first head of a fresh process takes, with how much memory.

    python -m benchmarks.asset
    python -m benchmarks.asset --rounds 3 --resolution 192 --texture-size 256
    python -m benchmarks.asset --rounds 0 --threads 1 2 4

Both ways alternate in one process, so that what else the machine does slows both. The figures are medians over rounds,
each of another seed: of every stage from words to a finished head, of the 52 facial actions of an asset alone, and of
adding a finished head to a scene of Blender. Wall time counts waiting for other processes, CPU time does not. The first
head is made by a process of its own, which Blender's worker is, too: its seconds count from before Python starts.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time, time

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
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2], help="of processes that make a first head")
    parser.add_argument("--first", metavar="SECONDS", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--surface", default=WAYS[1], help=argparse.SUPPRESS)
    options = parser.parse_args()

    if options.first is not None:
        print(json.dumps(first_head(options, options.first)))
        return
    if options.rounds:
        alternate(options)
    for threads in options.threads:
        print(first_table(threads, [in_fresh_process(way, threads) for way in WAYS]), flush=True)


def alternate(options: argparse.Namespace) -> None:
    """Make heads in both ways in turns, and print how long each took; options: the command line's."""
    models = load_models(options.weights)
    if models.asset is None:
        raise SystemExit(f"The models in {options.weights} make no assets.")
    rows: dict[str, list[Seconds]] = {way: [] for way in WAYS}
    # The first round is not counted: what is loaded or compiled once is so in it.
    for number in range(options.rounds + 1):
        for way in WAYS:
            request = request_of(options, number, way)
            row = measured(request, models, models.asset, not options.no_scene)
            if number:
                rows[way].append(row)
            print(f"{number} {way:<6} {' '.join(f'{name} {cpu:.2f}' for name, (_, cpu) in row.items())}", flush=True)
    for k, what in enumerate(("wall", "CPU")):
        print(table(what, *({name: row[k] for name, row in medians(rows[way]).items()} for way in WAYS)))


def request_of(options: argparse.Namespace, seed: int, way: str) -> HeadRequest:
    """What the command line asks for, with a seed, in one of the two ways."""
    return HeadRequest(
        options.prompt, seed=seed, resolution=options.resolution, texture_size=options.texture_size, surface=way
    )


def first_head(options: argparse.Namespace, start: float) -> dict[str, float]:
    """Make the first head of this process: seconds since it was started, by what was done by then, CPU seconds of it
    all, and the most memory that it held, MB (not told on Windows).

    options: the command line's.
    start: time() when the process was started.
    """
    done = {"imported": time() - start}
    models = load_models(options.weights)
    done["models loaded"] = time() - start
    generate_head(request_of(options, 0, options.surface), models)
    done["first head"] = time() - start
    done["CPU until then"] = process_time()
    if sys.platform != "win32":
        import resource

        # Bytes on macOS, KB elsewhere.
        done["peak memory, MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (
            1 << 20 if sys.platform == "darwin" else 1 << 10
        )
    return done


def in_fresh_process(way: str, threads: int) -> dict[str, float]:
    """What `first_head` says in a process of its own, with the options of this one.

    way: of WAYS.
    threads: that it computes with.
    """
    command = [sys.executable, __file__, *sys.argv[1:], "--first", str(time()), "--surface", way]
    places = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": str(threads)}
    answer = subprocess.run(command, env=os.environ | places, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return told


def first_table(threads: int, ways: list[dict[str, float]]) -> str:
    """What both ways' first heads took.

    threads: that they were made with.
    ways: as of `first_head`, one for each of WAYS.
    """
    title = f"fresh process, {threads} thread{'s' if threads > 1 else ''}"
    lines = [f"{title:<24}" + "".join(f"{way:>9}" for way in WAYS)]
    for name in ways[0]:
        lines.append(f"{name:<24}" + "".join(f"{way[name]:>9.{0 if 'MB' in name else 1}f}" for way in ways))
    return "\n".join(lines)


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
