"""Fetch the pinned wheels of one platform and build the extension's zip with them inside.

    python wheels/fetch.py linux-x64 [--find-links FOLDER_OR_PAGE]

wheels/PLATFORM-cpVERSION.txt is the lock: pip's own format, every wheel pinned by version and checksum. The wheels come
to dist/wheels/PLATFORM, the zip to dist/. The checked-in manifest lists no wheels: this script writes them, and the
platform, into the copy that is built. Needs the environment of ./run, for Blender's own builder.

numpy, requests and certifi are left to Blender, which brings its own. On Linux PyPI's torch is built for CUDA and
needs gigabytes of libraries beside it, so the lock names the CPU build, which is published elsewhere: say where with
--find-links. `--relock` takes new checksums after the versions in a lock were changed by hand.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

#: The repository.
ROOT = Path(__file__).resolve().parent.parent

#: Blender's name of a platform: (Python's version there, pip's names of the platform, best first).
#: Only linux-x64 has a lock so far.
PLATFORMS = {
    "linux-x64": ("3.11", ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux_2_17_x86_64", "linux_x86_64")),
}


def main() -> int:
    """Fetch and build for the platform named on the command line. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Fetch one platform's wheels and build the extension's zip.")
    parser.add_argument("platform", choices=sorted(PLATFORMS))
    parser.add_argument("--find-links", default="", help="folder or page with wheels that are not on PyPI")
    parser.add_argument("--relock", action="store_true", help="take new checksums into the lock instead of building")
    options = parser.parse_args()

    lock = lock_of(options.platform)
    folder = ROOT / "dist" / "wheels" / options.platform
    fetch(options.platform, lock, folder, options.find_links, check=not options.relock)
    if options.relock:
        lock.write_text(lock_text(lock.read_text(encoding="utf-8"), folder), encoding="utf-8")
        print(f"{lock}: {len(list(folder.glob('*.whl')))} wheels")
        return 0
    target = build(options.platform, folder)
    print(f"{target}: {target.stat().st_size / 1e6:.0f} MB")
    return 0


def lock_of(platform: str) -> Path:
    """The lock of `platform`."""
    return ROOT / "wheels" / f"{platform}-cp{PLATFORMS[platform][0].replace('.', '')}.txt"


def fetch(platform: str, lock: Path, folder: Path, find_links: str, check: bool) -> None:
    """Download the wheels that a lock names, and nothing else, by pip.

    platform: a name of PLATFORMS.
    lock: the lock's file.
    folder: where they go; what was in it is removed.
    find_links: folder or page with wheels that are not on PyPI; empty for none.
    check: whether their checksums must be the lock's.
    """
    python, names = PLATFORMS[platform]
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wanted = folder / "wanted.txt"
    text = lock.read_text(encoding="utf-8")
    wanted.write_text(text if check else re.sub(r"\s+--hash=\S+", "", text), encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--dest", str(folder)]
    command += ["--implementation", "cp", "--python-version", python, *(f"--platform={name}" for name in names)]
    command += ["--requirement", str(wanted)]
    command += ["--require-hashes"] if check else []
    command += ["--find-links", find_links] if find_links else []
    subprocess.run(command, check=True)
    wanted.unlink()


def lock_text(text: str, folder: Path) -> str:
    """The lock `text` with the checksums of the wheels in `folder`."""
    wheels = {_distribution(wheel): wheel for wheel in folder.glob("*.whl")}
    lines = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            pin = line.split()[0]
            name, version = pin.split("==")
            digest = hashlib.sha256(wheels[_normal(name), version].read_bytes()).hexdigest()
            line = f"{pin} --hash=sha256:{digest}"
        lines.append(line)
    return "\n".join(lines) + "\n"


def manifest_text(text: str, platform: str, wheels: list[str]) -> str:
    """The manifest `text` with this platform and these wheels (paths relative to the extension's root)."""
    tables = text.index("\n[")
    listed = "".join(f'    "./{wheel}",\n' for wheel in wheels)
    return f'{text[:tables]}\nplatforms = ["{platform}"]\nwheels = [\n{listed}]\n{text[tables:]}'


def build(platform: str, folder: Path) -> Path:
    """Build dist/clip_head-VERSION-PLATFORM.zip: what the plain zip holds, and the wheels in `folder`."""
    staging = ROOT / "dist" / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    plain = ROOT / "dist" / "plain.zip"
    _blender_build(ROOT, plain)
    with zipfile.ZipFile(plain) as archive:
        archive.extractall(staging)
    plain.unlink()
    (staging / "wheels").mkdir()
    wheels = sorted(folder.glob("*.whl"))
    for wheel in wheels:
        os.link(wheel, staging / "wheels" / wheel.name)
    manifest = (ROOT / "blender_manifest.toml").read_text(encoding="utf-8")
    text = manifest_text(manifest, platform, [f"wheels/{wheel.name}" for wheel in wheels])
    (staging / "blender_manifest.toml").write_text(text, encoding="utf-8")
    target = ROOT / "dist" / f"clip_head-{tomllib.loads(text)['version']}-{platform}.zip"
    _blender_build(staging, target)
    shutil.rmtree(staging)
    return target


def _blender_build(source: Path, target: Path) -> None:
    """Build the zip `target` of the extension in `source` by Blender's own builder."""
    import bpy

    builder = Path(bpy.utils.system_resource("SCRIPTS")) / "addons_core" / "bl_pkg" / "cli" / "blender_ext.py"
    command = [sys.executable, str(builder), "build", "--source-dir", str(source), "--output-filepath", str(target)]
    subprocess.run(command, check=True)


def _distribution(wheel: Path) -> tuple[str, str]:
    """Name, normalised, and version of a wheel's package, by its file name."""
    name, version = wheel.name.split("-")[:2]
    return _normal(name), version


def _normal(name: str) -> str:
    """A package's name as PEP 503 normalises it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(main())
