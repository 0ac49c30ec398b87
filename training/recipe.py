"""`python -m training all`: every stage of the embedded models in order, from nothing to a folder of models.

    python -m training all --assets ASSETS --scans SCANS --out OUT --plan
    python -m training all --assets ASSETS --scans SCANS --out OUT

recipe.json is the recipe: its rows, in order, are the stages with their options at each size, what they read and what
they write. ASSETS stands for the CC0 MakeHuman assets, SCANS for ICT-FaceKit's arrays (without --scans the faces are
MakeHuman's alone); every other path is below OUT and written by an earlier row, so that nothing comes from models
trained before (template.json and marks.json, which were written by hand, are copied from the embedded painter); but
models that --keep names are copied as they are shipped, and what only they need is not run. `./run "..." --models
OUT/weights` makes heads with the result.

Every stage is a process of its own: the memory of one is free before the next begins, and one that crashes takes
nothing along; --in-process does without. OUT/progress.json says which stages are finished. A stage runs again where its
options, the assets or anything that it reads were made otherwise since; one that was interrupted goes on from its own
checkpoint.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

from clip_head.core.models import EMBEDDED, fingerprint, write_model_json
from clip_head.core.types import ModelCard
from clip_head.training.__main__ import main

RECIPE = Path(__file__).with_name("recipe.json")
SIZES = ("full", "toy")
#: The names that stand in recipe.json for the folders of the assets and of the scans, which no stage makes.
ASSETS, SCANS = "ASSETS", "SCANS"
#: Folder of the models in OUT.
WEIGHTS = "weights"
#: Seeds of the rows lie this far apart for neighbouring seeds of the recipe: more than there are rows.
SEEDS_APART = 100
#: What a process returns that was stopped by Ctrl-C: 128 + SIGINT.
INTERRUPTED = 130


@dataclass(frozen=True)
class Stage:
    """One row of the recipe, at one size.

    name: of the row, most often that of its stage. stage: of `python -m training`. reads, writes: option -> paths,
    relative to OUT, or ASSETS or SCANS. options: all others, option -> value, several as a list; true for a flag.
    minutes: expected on two cores (what a step or an item was measured to take, times their number); None: not
    measured.
    """

    name: str
    stage: str
    reads: dict[str, tuple[str, ...]]
    writes: dict[str, str]
    options: dict[str, Any]
    minutes: float | None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The paths that it reads."""
        return tuple(path for paths in self.reads.values() for path in paths)

    @property
    def outputs(self) -> tuple[str, ...]:
        """The paths that it writes."""
        return tuple(self.writes.values())

    def arguments(self, assets: str, out: str, scans: str | None = None) -> list[str]:
        """Its command line after `python -m training`, for these folders; without scans it names none."""
        words, given = [self.stage], {ASSETS: assets, SCANS: scans}
        for option, paths in self.reads.items():
            if paths != (SCANS,) or scans is not None:
                words += [option, *(given.get(path) or f"{out}/{path}" for path in paths)]
        for option, path in self.writes.items():
            words += [option, f"{out}/{path}"]
        for option, value in self.options.items():
            values = [] if value is True else value if isinstance(value, list) else [value]
            words += [option, *map(str, values)]
        return words


@dataclass(frozen=True)
class Record:
    """What OUT/progress.json keeps of a stage. key: of everything that it was made from (see keys_of); seconds: spent,
    in all calls together."""

    key: str
    seconds: float
    finished: bool


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the recipe."""
    parser.add_argument("--assets", type=Path, required=True, help="folder of the CC0 MakeHuman assets")
    parser.add_argument("--scans", type=Path, help="folder of ICT-FaceKit's arrays; default: no faces of scans")
    parser.add_argument(
        "--keep", nargs="+", metavar="MODEL", default=[], help="models to take as they are shipped, such as texture"
    )
    parser.add_argument(
        "--out", type=Path, required=True, help="folder of all that is made; OUT/weights has the models"
    )
    parser.add_argument("--size", choices=SIZES, default="full", help="toy trains everything a little, to try it out")
    parser.add_argument("--seed", type=int, default=0, help="from which every stage has its own")
    parser.add_argument("--plan", action="store_true", help="print what each stage would do, and run nothing")
    parser.add_argument(
        "--in-process", action="store_true", help="no process for every stage: libraries load once, for the toy size"
    )
    some = parser.add_mutually_exclusive_group()
    some.add_argument("--from", dest="first", metavar="STAGE", help="make this stage and all after it anew")
    some.add_argument("--only", metavar="STAGE", help="run no other stage")


def run(args: argparse.Namespace) -> None:
    """Print the plan, or follow it; Ctrl-C leaves everything so that the same command goes on."""
    try:
        follow(args)
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", flush=True)
        raise SystemExit(INTERRUPTED) from None


def follow(args: argparse.Namespace) -> None:
    """Run what is not finished, then seal the models and report."""
    stages = without_kept(read_recipe(args.size, args.seed), args.keep)
    for name in (args.first, args.only):
        if name is not None and name not in [stage.name for stage in stages]:
            raise SystemExit(f"The recipe has no stage {name!r}. It has: {', '.join(s.name for s in stages)}.")
    if args.plan:
        print(plan(stages, str(args.assets), str(args.out), args.scans and str(args.scans)))
        return
    if not args.assets.is_dir():
        raise SystemExit(f"There is no folder {args.assets}: name that of the CC0 MakeHuman assets with --assets.")
    if args.scans is not None and not args.scans.is_dir():
        raise SystemExit(f"There is no folder {args.scans}: name that of ICT-FaceKit's arrays with --scans.")
    keep_models(args.keep, args.out)
    keys = keys_of(stages, assets_key(args.assets), args.scans and assets_key(args.scans))
    records = read_progress(args.out)
    if args.first is not None:
        forgotten = [stage.name for stage in stages][[stage.name for stage in stages].index(args.first) :]
        records = {name: record for name, record in records.items() if name not in forgotten}
    for stage in stages:
        record = records.get(stage.name)
        if (args.only is None or stage.name == args.only) and not is_finished(stage, record, keys, args.out):
            records = without_successors(stage, stages, records)
            run_words = run_here if args.in_process else run_process
            words = stage.arguments(str(args.assets), str(args.out), args.scans and str(args.scans))
            records = run_stage(stage, keys[stage.name], records, words, args.out, run_words)
    if all(is_finished(stage, records.get(stage.name), keys, args.out) for stage in stages):
        command = command_of(args)
        seal(args.out / WEIGHTS, command, args.keep)
        report(stages, records, args.out, command)


def read_recipe(size: str, seed: int) -> tuple[Stage, ...]:
    """The rows of recipe.json at a size, each with a seed of its own."""
    rows = json.loads(RECIPE.read_text(encoding="utf-8"))
    stages = []
    for number, row in enumerate(rows):
        reads = {option: (paths,) if isinstance(paths, str) else tuple(paths) for option, paths in row["reads"].items()}
        options = {**row[size], **({"--seed": SEEDS_APART * seed + number} if row["seeded"] else {})}
        minutes = row["minutes"] if size == "full" else None
        stages.append(Stage(row.get("name", row["stage"]), row["stage"], reads, row["writes"], options, minutes))
    return tuple(stages)


def without_kept(stages: Sequence[Stage], keep: Sequence[str]) -> tuple[Stage, ...]:
    """The stages less those that write models which are kept, and those whose results nothing else then reads.

    A single file of a kept model is made anew where a model that it is fitted to is: the painter's wrinkles follow the
    identity codes.

    Raises SystemExit for a model that no stage writes.
    """
    made = {path.split("/")[1] for stage in stages for path in stage.outputs if path.startswith(f"{WEIGHTS}/")}
    if unknown := sorted(set(keep) - made):
        raise SystemExit(f"No stage makes the model {unknown[0]!r}, so it cannot be kept. There are: {sorted(made)}.")

    def is_made(path: str, stage: Stage) -> bool:
        """Whether a path below WEIGHTS, which the stage writes, is not taken as it is shipped."""
        model, *file = Path(path).parts[1:]
        fitted_to = [Path(read).parts[1] for read in stage.inputs if read.startswith(f"{WEIGHTS}/")]
        return model not in keep or (bool(file) and not set(fitted_to) <= set(keep))

    needed: list[Stage] = []
    for stage in reversed(stages):
        read = [path for later in needed for path in later.inputs]
        if any(
            is_made(path, stage) if path.startswith(f"{WEIGHTS}/") else path_is_read(path, read)
            for path in stage.outputs
        ):
            needed.insert(0, stage)
    return tuple(needed)


def path_is_read(path: str, read: Sequence[str]) -> bool:
    """Whether one of the paths read is this one or lies below it."""
    return any(path == str(around) for other in read for around in (Path(other), *Path(other).parents))


def keep_models(keep: Sequence[str], out: Path) -> None:
    """Copy the shipped models of these names to OUT/weights, where they are not there yet."""
    for name in keep:
        if not (out / WEIGHTS / name).is_dir():
            shutil.copytree(EMBEDDED / name, out / WEIGHTS / name)


def command_of(args: argparse.Namespace) -> str:
    """The command that makes these models again, and the commit of its code where there is one."""
    words = ["python -m training all --assets ASSETS"]
    words += ["--scans SCANS"] if args.scans else []
    words += [f"--keep {' '.join(args.keep)}"] if args.keep else []
    words += [f"--out OUT --seed {args.seed} --size {args.size}"]
    git = ["git", "-C", str(RECIPE.parent), "rev-parse", "--short=12", "HEAD"]
    try:
        commit = subprocess.run(git, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return " ".join(words)
    return f"{' '.join(words)}, at commit {commit}"


def plan(stages: Sequence[Stage], assets: str, out: str, scans: str | None = None) -> str:
    """What each stage would do, to be read or pasted into a shell, and how long it may take."""
    lines = []
    for number, stage in enumerate(stages, 1):
        time = "not measured" if stage.minutes is None else f"about {stage.minutes:g} min"
        lines += [
            f"{number:2} {stage.name}: {time}",
            f"   reads  {', '.join(dict.fromkeys(stage.inputs)) or 'nothing'}",
            f"   writes {', '.join(stage.outputs)}",
            f"   python -m training {shlex.join(stage.arguments(assets, out, scans))}",
        ]
    known = [stage.minutes for stage in stages if stage.minutes is not None]
    total = f"about {sum(known) / 60:.1f} h on two cores" if known else "not measured"
    rest = f", and {len(stages) - len(known)} stages that were not measured" if 0 < len(known) < len(stages) else ""
    return "\n".join([*lines, f"in all: {total}{rest}"])


def keys_of(stages: Sequence[Stage], assets: str, scans: str | None = None) -> dict[str, str]:
    """Stage -> a checksum of everything that its results follow from: the assets and the scans (by their keys), its
    options, and the same of all stages that it reads from. The code is not in it: --from makes anew what it changes."""
    made_by: dict[str, str] = {ASSETS: assets, SCANS: scans or ""}
    made_by |= {f"{WEIGHTS}/{path.name}": "shipped" for path in EMBEDDED.iterdir()}
    keys = {}
    for stage in stages:
        above = [made_by[source_of(path, made_by)] for path in stage.inputs]
        text = json.dumps([stage.arguments(ASSETS, "OUT"), above])
        keys[stage.name] = hashlib.sha256(text.encode()).hexdigest()[:16]
        made_by |= dict.fromkeys(stage.outputs, keys[stage.name])
    return keys


def source_of(path: str, made: dict[str, Any]) -> str:
    """Which of the paths made before holds `path`: itself, or a folder around it."""
    around = [str(folder) for folder in (Path(path), *Path(path).parents) if str(folder) in made]
    if not around:
        raise ValueError(f"{RECIPE.name}: no stage before writes {path!r}.")
    return around[0]


def assets_key(folder: Path) -> str:
    """A checksum of the names and sizes of the assets' files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    text = "\n".join(f"{path.relative_to(folder).as_posix()} {path.stat().st_size}" for path in files)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_finished(stage: Stage, record: Record | None, keys: dict[str, str], out: Path) -> bool:
    """Whether the stage need not run: it came to its end, from the same, and its files are still there."""
    there = all((out / path).exists() for path in stage.outputs)
    return record is not None and record.finished and record.key == keys[stage.name] and there


def without_successors(stage: Stage, stages: Sequence[Stage], records: dict[str, Record]) -> dict[str, Record]:
    """The records without those of stages that read, directly or not, what this one is about to write anew."""
    changed = dict.fromkeys(stage.outputs)
    kept = dict(records)
    for later in stages[list(stages).index(stage) + 1 :]:
        if any(str(folder) in changed for path in later.inputs for folder in (Path(path), *Path(path).parents)):
            changed |= dict.fromkeys(later.outputs)
            kept.pop(later.name, None)
    return kept


def run_stage(
    stage: Stage,
    key: str,
    records: dict[str, Record],
    words: list[str],
    out: Path,
    run_words: Callable[[list[str]], int],
) -> dict[str, Record]:
    """Run one stage to its end and return the records with its own. What an interrupted call left of the same stage is
    gone on from; what one with another key left is removed.

    words: its command line after `python -m training`.
    run_words: runs `python -m training` with these arguments and returns its exit code.
    """
    record = records.get(stage.name)
    if record is None or record.key != key or record.finished:
        record = Record(key, 0.0, False)
        for path in stage.outputs:
            remove(out / path)
    for path in stage.outputs:
        (out / path).parent.mkdir(parents=True, exist_ok=True)
    # A record before anything is written: from then on the files are known to be of this key.
    write_progress(out, records | {stage.name: record})
    print(f"\n== {stage.name}: python -m training {shlex.join(words)}", flush=True)
    start = perf_counter()
    code: int | None = None
    try:
        code = run_words(words)
    finally:
        spent = round(record.seconds + perf_counter() - start, 1)
        records = records | {stage.name: replace(record, seconds=spent, finished=code == 0)}
        write_progress(out, records)
    if code:
        raise SystemExit(
            f"The stage {stage.name} failed with exit code {code}; what it said stands above. The same command goes on "
            "from there."
        )
    missing = [path for path in stage.outputs if not (out / path).exists()]
    if missing:
        raise SystemExit(f"The stage {stage.name} came to its end without writing {', '.join(missing)}.")
    return records


def run_process(words: list[str]) -> int:
    """Run `python -m training` with these arguments as a process; its exit code. Ctrl-C, which reaches both processes,
    is raised when the other one has stopped."""
    process = subprocess.Popen([sys.executable, "-m", f"{__package__}", *words])
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise


def run_here(words: list[str]) -> int:
    """The same in this process."""
    main(words)
    return 0


def remove(path: Path) -> None:
    """Remove a file or folder, if there is one."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def read_progress(out: Path) -> dict[str, Record]:
    """The records of OUT/progress.json, by stage; none where there is no such file."""
    path = out / "progress.json"
    if not path.is_file():
        return {}
    return {name: Record(**record) for name, record in json.loads(path.read_text(encoding="utf-8")).items()}


def write_progress(out: Path, records: dict[str, Record]) -> None:
    """Write OUT/progress.json; a reader sees the old file or the new one."""
    _write_json(out / "progress.json", {name: asdict(record) for name, record in records.items()})


def seal(weights: Path, command: str, keep: Sequence[str] = ()) -> None:
    """Let every model.json in the folder of models name the one command that made all of them, and every file beside
    it; of models that were kept, what made them, and the command for single files that it made anew."""
    for path in sorted(weights.glob("*/model.json")):
        entries = json.loads(path.read_text(encoding="utf-8"))
        files = [file.relative_to(path.parent).as_posix() for file in path.parent.rglob("*") if file.is_file()]
        files.remove(path.name)
        source = command
        if path.parent.name in keep:
            anew = sorted(file for file in files if entries["files"].get(file) != fingerprint(path.parent / file))
            if not anew:
                continue
            source = f"{entries['source']}; {', '.join(anew)}: {command}"
        card = ModelCard(entries["kind"], entries["name"], entries["licence"], source)
        write_model_json(path.parent, card, entries["config"], entries["figures"], files)


def report(stages: Sequence[Stage], records: dict[str, Record], out: Path, command: str) -> None:
    """Print the stages with their seconds and the figures of the models that they wrote; OUT/report.json has the
    same."""
    seconds = {stage.name: records[stage.name].seconds for stage in stages}
    figures = {stage.name: figures_of(stage, out) for stage in stages}
    total = round(sum(seconds.values()), 1)
    entries = {name: {"seconds": seconds[name], "figures": figures[name]} for name in seconds}
    _write_json(out / "report.json", {"command": command, "seconds": total, "stages": entries})
    print(f"\n{'stage':<18}{'seconds':>10}")
    for name in seconds:
        print(f"{name:<18}{seconds[name]:>10.1f}")
        for figure, value in figures[name].items():
            print(f"{'':<30}{figure} {value}")
    print(f"{'in all':<18}{total:>10.1f}\nThe models are in {out / 'weights'}: ./run PROMPT --models {out / 'weights'}")


def figures_of(stage: Stage, out: Path) -> dict[str, Any]:
    """The figures in the model.json of the folders that a stage writes."""
    cards = [out / path / "model.json" for path in stage.outputs if (out / path / "model.json").is_file()]
    figures: dict[str, Any] = {}
    for path in cards:
        figures |= json.loads(path.read_text(encoding="utf-8"))["figures"]
    return figures


def _write_json(path: Path, value: object) -> None:
    temporary = path.with_suffix(".json.part")
    temporary.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")
    temporary.replace(path)
