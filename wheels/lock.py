"""Write the locks of the extension's wheels, or check them.

    python -m wheels.lock [TARGET ...] [--find-links FOLDER_OR_PAGE]           resolve anew and write
    python -m wheels.lock --check [TARGET ...] [--find-links FOLDER_OR_PAGE]   only look; exit code 1 where one fails

uv resolves what requirements.txt pins for another system and Python than this one; pip then names the wheel of each
that fits there best, with its checksum, by the index's metadata: nothing large is downloaded. A check resolves what a
lock pins and compares: nothing may be missing, too much, or without a wheel that fits and has the checksum. On Linux
torch is the CPU build, which is published apart from the other wheels: --find-links says where; without it, its line
keeps the checksum that it has, if it has one, and is not checked.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from .targets import Target, for_cuda, normal, pins, read_targets, required

_HEAD = "# Written by wheels/lock.py for {name}: all that core/ needs, a wheel a line.\n"


class Unresolved(Exception):
    """A lock that cannot be made, or is not right, with why."""


def main() -> int:
    """Lock or check the targets of the command line. Returns the exit code."""
    targets = read_targets()
    parser = argparse.ArgumentParser(description="Write, or check, the locks of the extension's wheels.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(targets)}; default: all")
    parser.add_argument("--check", action="store_true", help="write nothing, compare with what the locks say")
    parser.add_argument("--find-links", default="", help="folder or page with wheels that are not on the index")
    options = parser.parse_args()
    unknown = set(options.targets) - set(targets)
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    failed = False
    for name in options.targets or targets:
        target = targets[name]
        try:
            print(f"{name}: {(check if options.check else write)(target, options.find_links)}", flush=True)
        except Unresolved as error:
            failed = True
            print(f"{name}: {error}", file=sys.stderr, flush=True)
    return int(failed)


def write(target: Target, find_links: str) -> str:
    """Resolve a target's libraries and write its lock. Returns what to say of it.

    target: which.
    find_links: folder or page with wheels that are not on the index; empty for none.
    Raises Unresolved.
    """
    versions = resolve(target, required(target))
    apart = {"torch"} if target.torch != public(target.torch) and not find_links else set()
    checksums = choose(target, {name: version for name, version in versions.items() if name not in apart}, find_links)
    before = target.lock.read_text(encoding="utf-8") if target.lock.is_file() else ""
    known = {name: digest for name, digest in digests(before).items() if pins(before)[name] == versions.get(name)}
    checksums = {name: known[name] for name in apart & known.keys()} | checksums
    lines = [
        f"{name}=={version} --hash=sha256:{checksums[name]}" if name in checksums else f"{name}=={version}"
        for name, version in sorted(versions.items())
    ]
    target.lock.parent.mkdir(exist_ok=True)
    target.lock.write_text(_HEAD.format(name=target.name) + "\n".join(lines) + "\n", encoding="utf-8")
    missing = versions.keys() - checksums.keys()
    return f"{len(lines)} wheels" + (f", without the checksum of {', '.join(sorted(missing))}" if missing else "")


def check(target: Target, find_links: str) -> str:
    """Compare a target's lock with what the index says. Returns what to say of it.

    target, find_links: as of `write`.
    Raises Unresolved naming what is wrong.
    """
    text = target.lock.read_text(encoding="utf-8")
    locked = pins(text)
    wrong = {name: version for name, version in required(target).items() if locked.get(name) != version}
    if wrong:
        raise Unresolved(f"requirements.txt asks for {wrong}")
    resolved = resolve(target, locked)
    if resolved != locked:
        raise Unresolved(f"these are missing, too many or of other versions: {dict(resolved.items() ^ locked.items())}")
    apart = {"torch"} if target.torch != public(target.torch) and not find_links else set()
    checksums = choose(target, {name: version for name, version in locked.items() if name not in apart}, find_links)
    stored = digests(text)
    other = [name for name, digest in checksums.items() if stored.get(name) != digest]
    if other:
        raise Unresolved(f"the wheels that fit best have other checksums: {', '.join(other)}")
    return f"{len(locked)} wheels, as they should be" + (" (torch not looked at)" if apart else "")


def resolve(target: Target, wanted: dict[str, str]) -> dict[str, str]:
    """All that some libraries need on a target: normalised name -> version.

    target: which.
    wanted: name -> version.
    Raises Unresolved where there is no solution of wheels alone.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder) / "asked.txt", Path(folder) / "answer.txt"
        asked.write_text("".join(f"{name}=={public(version)}\n" for name, version in wanted.items()), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-config"]
        command += ["--no-header", "--no-annotate"]
        command += ["--only-binary", ":all:", "--python-platform", target.resolver, "--python-version", target.python]
        # A zip for macOS is for the versions that torch's wheels are for.
        environment = {**os.environ, "MACOSX_DEPLOYMENT_TARGET": "14.0"}
        _run([*command, str(asked), "--output-file", str(answer)], environment)
        found = pins(answer.read_text(encoding="utf-8"))
    kept = {name: version for name, version in found.items() if not for_cuda(name)}
    return kept | {"torch": target.torch}


def choose(target: Target, versions: dict[str, str], find_links: str) -> dict[str, str]:
    """The wheels that fit a target best: name -> SHA-256.

    target: which.
    versions: name -> version, of each wheel that is wanted.
    find_links: as of `write`.
    Raises Unresolved where one has no wheel that fits.
    """
    with tempfile.TemporaryDirectory() as folder:
        asked, report = Path(folder) / "asked.txt", Path(folder) / "report.json"
        asked.write_text("".join(f"{name}=={version}\n" for name, version in versions.items()), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--no-deps"]
        # pip would ask the Python that it runs in; uv asked the target's.
        command += ["--ignore-requires-python", "--only-binary=:all:"]
        command += ["--target", str(Path(folder) / "nowhere"), "--report", str(report)]
        command += pip_target(target)
        command += ["--find-links", find_links] if find_links else []
        _run([*command, "--requirement", str(asked)], dict(os.environ))
        chosen = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {normal(one["metadata"]["name"]): one["download_info"]["archive_info"]["hashes"]["sha256"] for one in chosen}


def digests(text: str) -> dict[str, str]:
    """The checksums that a lock holds: normalised name -> SHA-256.

    text: of the lock.
    """
    found = re.findall(r"^(\S+)==\S+ --hash=sha256:([0-9a-f]{64})", text, re.MULTILINE)
    return {normal(name): digest for name, digest in found}


def pip_target(target: Target) -> list[str]:
    """pip's options for wheels of a target."""
    return ["--implementation", "cp", "--python-version", target.python, *(f"--platform={tag}" for tag in target.tags)]


def public(version: str) -> str:
    """A version without what a build of it is called: "2.13.0" of "2.13.0+cpu"."""
    return version.partition("+")[0]


def _run(command: list[str], environment: dict[str, str]) -> None:
    """Run a command; Raises Unresolved with the last it said where it fails."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if ended.returncode:
        said = (ended.stderr + ended.stdout).splitlines()
        raise Unresolved("\n".join([line for line in said if line and not line.startswith("WARNING")][-8:]))


if __name__ == "__main__":
    sys.exit(main())
