"""The recipe: a plan that holds together, and a whole run at toy size, interrupted once, that ends in a head."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load_file

from clip_head.core.models import EMBEDDED
from clip_head.core.pipeline import generate_head, load_models
from clip_head.core.types import HeadRequest
from clip_head.training import recipe
from clip_head.training.__main__ import STAGES, main
from clip_head.training.teacher.template import HEAD_MEASURES

#: Skins whose fine detail the atlas of skin detail is made of.
DETAILED = ("young_lightskinned_female_diffuse3", "middleage_lightskinned_female_diffuse2")
#: Styles whose hair is cards.
CARDED = ("afro01", "bob01", "bob02", "long01", "ponytail01", "short01", "short02", "short03", "short04")
#: Stages and options whose files nobody trained: places and lists written by hand, which the shipped painter carries.
BY_HAND = {("canonical", "template"), ("skin_detail", "marks")}
MODELS = ("asset", "cards", "grooms", "mapping", "nphm", "pairs", "spelling", "splitter", "text", "texture", "upscaler")
#: The run is interrupted when this stage is finished.
LAST_BEFORE_THE_STOP = "nphm"


@pytest.fixture(scope="module")
def recipe_assets(assets_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny assets, with the skins that skin_detail asks for, and hair of one card per style."""
    folder = tmp_path_factory.mktemp("assets") / "makehuman"
    shutil.copytree(assets_folder, folder)
    rng = np.random.default_rng(2)
    for name in DETAILED:
        grain = rng.normal(0, 4, (256, 256, 1)) + np.array([220, 170, 140])
        Image.fromarray(grain.clip(0, 255).astype(np.uint8)).save(folder / f"skins/{name}.png")
    right, left, neck, crown, occiput, forehead = HEAD_MEASURES
    scales = [f"x_scale {right} {left} 1.0", f"y_scale {neck} {crown} 1.0", f"z_scale {occiput} {forehead} 1.0"]
    card = "\n".join([*scales, *map(str, (right, crown, left, occiput))]) + "\n"
    for name in CARDED:
        (folder / "hair" / name).mkdir(parents=True)
        (folder / f"hair/{name}/{name}.mhclo").write_text(card, encoding="utf-8")
        (folder / f"hair/{name}/{name}.obj").write_text("f 1/1 2/2 3/3 4/4\n", encoding="utf-8")
    return folder


def paths_in(value: Any) -> list[Path]:
    """The paths among the values of parsed options."""
    values = value if isinstance(value, list | tuple) else [value]
    return [item for item in values if isinstance(item, Path)]


@pytest.mark.parametrize("size", recipe.SIZES)
def test_every_stage_takes_its_line_and_touches_nothing_but_assets_and_out(size: str) -> None:
    for stage in recipe.read_recipe(size, 3):
        assert "--scans" not in stage.arguments("/assets", "/out")
        name, *options = stage.arguments("/assets", "/out", "/scans")
        parser = argparse.ArgumentParser()
        importlib.import_module(f"clip_head.training.{STAGES[name][0]}").add_arguments(parser)
        for option, value in vars(parser.parse_args(options)).items():
            for path in [] if (name, option) in BY_HAND else paths_in(value):
                assert path in (Path("/assets"), Path("/scans")) or Path("/out") in path.parents, (name, option, path)


def test_the_plan_has_every_line_and_runs_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["all", "--assets", str(tmp_path / "none"), "--out", str(tmp_path / "out"), "--seed", "2", "--plan"])
    plan = capsys.readouterr().out
    assert not (tmp_path / "out").exists()
    lines = [line for line in plan.splitlines() if line.strip().startswith("python -m training ")]
    assert len(lines) == len(recipe.read_recipe("full", 2))
    assert f"--teacher {tmp_path}/out/work/teacher --work" in lines[1]
    assert "in all: about " in plan
    assert str(EMBEDDED) not in plan


def test_stages_and_seeds_have_seeds_of_their_own() -> None:
    seeds = [stage.options.get("--seed") for seed in range(3) for stage in recipe.read_recipe("full", seed)]
    drawn = [seed for seed in seeds if seed is not None]
    assert len(drawn) == len(set(drawn))


def test_what_follows_from_a_change_is_made_anew_and_nothing_else() -> None:
    stages = recipe.read_recipe("toy", 0)
    numbers = {stage.name: number for number, stage in enumerate(stages)}
    changed = list(stages)
    changed[numbers["skins"]] = replace(stages[numbers["skins"]], options={"--count": 11})
    before, after = recipe.keys_of(stages, "a"), recipe.keys_of(changed, "a")
    anew = {name for name in before if before[name] != after[name]}
    assert anew == {"skins", "texture_vae", "texture", "texture_upscale", "skin_detail"}
    records = {name: recipe.Record(key, 1.0, True) for name, key in before.items()}
    kept = recipe.without_successors(stages[numbers["skins"]], stages, records)
    assert set(records) - set(kept) == anew - {"skins"}
    other = recipe.keys_of(stages, "b")
    assert {name for name in before if before[name] == other[name]} == {"words_start"}
    assert recipe.keys_of(stages, "a", "scans")["nphm"] != before["nphm"]


def test_models_that_are_kept_need_no_stage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stages = recipe.read_recipe("full", 0)
    names = [stage.name for stage in recipe.without_kept(stages, ["texture", "upscaler", "text", "splitter"])]
    assert names[:4] == ["teacher", "nphm", "pairs", "mapping"]
    assert not {"skins", "canonical", "words_start", "words_renders", "words_clip", "texture"} & set(names)
    assert "skin_detail" in names  # a file of the painter's that follows the identity codes
    kept = ["texture", "upscaler", "text", "splitter", "nphm"]
    assert "skin_detail" not in [stage.name for stage in recipe.without_kept(stages, kept)]
    assert recipe.without_kept(stages, []) == stages
    with pytest.raises(SystemExit, match="'painter'"):
        recipe.without_kept(stages, ["painter"])
    recipe.keep_models(["upscaler"], tmp_path)
    assert files_in(tmp_path / "weights/upscaler") == files_in(EMBEDDED / "upscaler")
    main(["all", "--assets", "A", "--scans", "S", "--keep", "text", "--out", str(tmp_path / "out"), "--plan"])
    plan = capsys.readouterr().out
    assert "teacher --assets A --scans S" in plan
    assert "words_clip" not in plan


def test_a_kept_model_names_what_was_made_anew_in_it(tmp_path: Path) -> None:
    recipe.keep_models(["spelling"], tmp_path)
    card = tmp_path / "weights/spelling/model.json"
    shipped = card.read_text(encoding="utf-8")
    recipe.seal(tmp_path / "weights", "python -m training all", ["spelling"])
    assert card.read_text(encoding="utf-8") == shipped
    (tmp_path / "weights/spelling/words.txt").write_text("nose 1\n", encoding="utf-8")
    for _ in range(2):
        recipe.seal(tmp_path / "weights", "python -m training all", ["spelling"])
        source = json.loads(card.read_text(encoding="utf-8"))["source"]
        assert source == f"{json.loads(shipped)['source']}; words.txt: python -m training all"


def test_an_unknown_stage_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="no stage 'painter'"):
        main(["all", "--assets", str(tmp_path), "--out", str(tmp_path / "out"), "--only", "painter"])


def progress(out: Path) -> dict[str, Any]:
    """What OUT/progress.json says."""
    path = out / "progress.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def stop_after(stage: str, command: list[str], out: Path) -> int:
    """Run the command, press Ctrl-C as soon as the stage is finished, and return the exit code."""
    process = subprocess.Popen(command, start_new_session=True)
    while process.poll() is None and not progress(out).get(stage, {}).get("finished"):
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    return process.wait()


@pytest.mark.slow(minutes=2)
def test_from_nothing_to_a_head(
    recipe_assets: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    out = tmp_path / "out"
    arguments = ["all", "--assets", str(recipe_assets), "--out", str(out), "--size", "toy"]
    code = stop_after(LAST_BEFORE_THE_STOP, [sys.executable, "-m", "clip_head.training", *arguments], out)
    assert code == recipe.INTERRUPTED, capfd.readouterr()
    finished = {name: record for name, record in progress(out).items() if record["finished"]}
    assert LAST_BEFORE_THE_STOP in finished
    assert "skin_detail" not in finished

    main([*arguments, "--in-process"])
    done = progress(out)
    assert {name: done[name] for name in finished} == finished
    assert set(done) == {stage.name for stage in recipe.read_recipe("toy", 0)}
    main(arguments)
    assert progress(out) == done

    command = "python -m training all --assets ASSETS --out OUT --seed 0 --size toy"
    for model in MODELS:
        entries = json.loads((out / "weights" / model / "model.json").read_text(encoding="utf-8"))
        assert entries["source"].startswith(command)
        assert set(entries["files"]) == files_in(out / "weights" / model) - {"model.json"}
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["seconds"] == pytest.approx(sum(record["seconds"] for record in done.values()), abs=1)
    assert report["stages"]["words_clip"]["figures"].keys() == {
        "R@1 of 100, caption to render",
        "R@1 of 100, render to caption",
        "R@10 of 100, caption to render",
    }
    towers = [load_file(out / f"{text}/open_clip_model.safetensors") for text in ("work/text", "weights/text")]
    assert any((towers[0][name] != towers[1][name]).any() for name in towers[0] if name.startswith("visual."))
    assert load_file(out / "weights/upscaler/upscaler.safetensors")["end.weight"].any()  # zero before training

    models = load_models(out / "weights")
    assert models.texture.canonical is not None
    assert models.texture.skin_detail is not None
    head = generate_head(HeadRequest("an old man with a beard", resolution=64, texture_size=512), models)
    assert {card.source.partition(", at commit")[0] for card in head.models} == {command}
    assert np.isfinite(head.mesh.vertices).all()
    assert len(head.mesh.faces) > 1000
    assert head.textures.albedo.shape == (512, 512, 3)
    assert head.textures.albedo.std() > 1


def files_in(folder: Path) -> set[str]:
    """The paths of the files below a folder, relative to it."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
