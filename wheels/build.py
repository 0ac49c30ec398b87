"""Build the extension's zips: with the libraries of a target inside, or without any.

    python -m wheels.build TARGET ... [--find-links FOLDER_OR_PAGE]   zips with libraries
    python -m wheels.build plain                                      the small one
    python -m wheels.build index                                      a repository of what lies in dist/, with a page

pip fetches the wheels that wheels/locks/TARGET.txt pins, unmodified and by their checksums, into dist/wheels/TARGET;
the zips come to dist/. The checked-in manifest lists no wheels: they are written, with the system and the versions of
Blender, into the copy that is built. Needs the environment of ./run, for Blender's own builder.

On Linux PyPI's torch is built for CUDA and needs gigabytes of libraries beside it, so the locks name the CPU build,
which is published elsewhere: --find-links says where.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from .lock import digests, pip_target
from .targets import OF_BLENDER, ROOT, Target, pins, read_targets

DIST = ROOT / "dist"


def main() -> int:
    """Build what the command line names. Returns the exit code."""
    targets = read_targets()
    parser = argparse.ArgumentParser(description="Build the extension's zips.")
    parser.add_argument("what", nargs="+", choices=[*targets, "plain", "index"], metavar="WHAT")
    parser.add_argument("--find-links", default="", help="folder or page with wheels that are not on the index")
    options = parser.parse_args()
    DIST.mkdir(exist_ok=True)
    for what in options.what:
        if what == "index":
            blender_extension("server-generate", "--repo-dir", str(DIST), "--html")
            print(DIST / "index.html")
            continue
        if what == "plain":
            zipped = plain(DIST)
        else:
            try:
                folder = fetch(targets[what], DIST / "wheels" / what, options.find_links)
            except ValueError as error:
                print(error, file=sys.stderr)
                return 1
            zipped = build(targets[what], folder)
        print(f"{zipped}: {zipped.stat().st_size / 1e6:.0f} MB")
    return 0


def fetch(target: Target, folder: Path, find_links: str) -> Path:
    """Download the wheels that a lock pins, but those of libraries that Blender brings, and nothing else.

    target: whose lock.
    folder: where they go; what was in it is removed.
    find_links: folder or page with wheels that are not on the index; empty for none.
    Returns the folder. Raises ValueError for a lock that lacks a checksum.
    """
    text = target.lock.read_text(encoding="utf-8")
    missing = pins(text).keys() - digests(text).keys() - OF_BLENDER
    if missing:
        raise ValueError(
            f"{target.lock.name} has no checksum of {', '.join(sorted(missing))}, and nothing unknown goes into a zip. "
            f"Write it with `python -m wheels.lock {target.name} --find-links` and the page that publishes that build."
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted = folder / "wanted.txt"
    lines = [line for line in text.splitlines() if not OF_BLENDER & pins(line).keys()]
    wanted.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--ignore-requires-python"]
    command += ["--require-hashes", "--dest", str(folder), *pip_target(target), "--requirement", str(wanted)]
    command += ["--find-links", find_links] if find_links else []
    subprocess.run(command, check=True)
    wanted.unlink()
    return folder


def build(target: Target, folder: Path) -> Path:
    """Build dist/clip_head-VERSION-TARGET.zip: what the plain zip holds, and the wheels in a folder."""
    staging = DIST / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    with zipfile.ZipFile(plain(DIST / "wheels")) as archive:
        archive.extractall(staging)
    wheels = sorted(folder.glob("*.whl"))
    (staging / "wheels").mkdir(exist_ok=True)
    for wheel in wheels:
        os.link(wheel, staging / "wheels" / wheel.name)
    manifest = (ROOT / "blender_manifest.toml").read_text(encoding="utf-8")
    text = manifest_text(manifest, target, [f"wheels/{wheel.name}" for wheel in wheels])
    (staging / "blender_manifest.toml").write_text(text, encoding="utf-8")
    zipped = DIST / f"clip_head-{version()}-{target.name}.zip"
    blender_extension("build", "--source-dir", str(staging), "--output-filepath", str(zipped))
    shutil.rmtree(staging)
    return zipped


def plain(folder: Path) -> Path:
    """Build clip_head-VERSION.zip, without libraries, for all systems and versions, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    zipped = folder / f"clip_head-{version()}.zip"
    blender_extension("build", "--source-dir", str(ROOT), "--output-filepath", str(zipped))
    return zipped


def manifest_text(text: str, target: Target, wheels: list[str]) -> str:
    """A manifest with a target's system and versions of Blender, and with wheels.

    text: of the checked-in manifest.
    target: whose.
    wheels: paths relative to the extension's root.
    """
    first, before = target.blender
    oldest = tomllib.loads(text)["blender_version_min"]
    text = text.replace(f'blender_version_min = "{oldest}"', f'blender_version_min = "{first}"')
    tables = text.index("\n[")
    added = f'blender_version_max = "{before}"\n' if before else ""
    listed = "".join(f'    "./{wheel}",\n' for wheel in wheels)
    return f'{text[:tables]}\n{added}platforms = ["{target.platform}"]\nwheels = [\n{listed}]\n{text[tables:]}'


def version() -> str:
    """The extension's version."""
    return str(tomllib.loads((ROOT / "blender_manifest.toml").read_text(encoding="utf-8"))["version"])


def blender_extension(*arguments: str) -> None:
    """Run Blender's own tool for extensions. Raises CalledProcessError where it fails."""
    import bpy

    tool = Path(bpy.utils.system_resource("SCRIPTS")) / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"
    subprocess.run([sys.executable, str(tool), *arguments], check=True)


if __name__ == "__main__":
    sys.exit(main())
