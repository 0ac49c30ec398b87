"""The layout of the repository: which folder may import which, how long a file may be, how much a package gives out."""

import ast
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path

import pytest

import clip_head

ROOT = Path(clip_head.__file__).resolve().parent
#: Folders whose modules make up the package; tests mirror them and may import everything.
FOLDERS = ("benchmarks", "core", "operators", "panels", "scene", "training", "wheels")
LONGEST_FILE = 450
MOST_NAMES = 10
#: What a top-level folder may import of the others. Whoever opens a window or a file stands above who computes.
ALLOWED = {
    "benchmarks": {"core", "scene", "training"},
    "core": set(),
    "operators": {"core", "scene"},
    "panels": {"core", "operators"},
    "scene": {"core"},
    "training": {"core", "operators", "scene"},
    "wheels": set(),
}


def files() -> Iterator[Path]:
    yield from ROOT.glob("*.py")
    for folder in (*FOLDERS, "tests"):
        yield from (ROOT / folder).rglob("*.py")


def module_of(path: Path) -> tuple[str, ...]:
    """("core", "uv", "seam") of core/uv/seam.py; a package's __init__.py keeps that name."""
    return path.relative_to(ROOT).with_suffix("").parts


@cache
def modules() -> dict[tuple[str, ...], ast.Module]:
    return {module_of(path): ast.parse(path.read_text(encoding="utf-8")) for path in files()}


def runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes below, but for those under `if TYPE_CHECKING:`, which never run."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        yield child
        yield from runtime_nodes(child)


@cache
def imports(module: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """The modules of this package that a module imports, in functions, too."""
    return frozenset(_imports(module))


def _imports(module: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    known = modules()
    for node in runtime_nodes(known[module]):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                target = (*module[: -node.level], *(node.module.split(".") if node.module else ()))
            elif (node.module or "").split(".")[0] == "clip_head":
                target = tuple((node.module or "").split(".")[1:])
            else:
                continue
            for name in node.names:
                whole = (*target, name.name)
                yield next((m for m in (whole, (*whole, "__init__"), target) if m in known), (*target, "__init__"))


def outside_imports(module: tuple[str, ...]) -> set[str]:
    """First names of the libraries that a module imports anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.split(".")[0])
    return found


def test_the_modules_were_read() -> None:
    assert ("core", "pipeline") in modules()
    assert ("core", "uv", "unwrap") in imports(("core", "uv", "__init__"))
    assert len(modules()) > 200


def test_no_file_is_too_long() -> None:
    lines = {path.relative_to(ROOT): path.read_text(encoding="utf-8").count("\n") for path in files()}
    assert not {str(path): count for path, count in lines.items() if count > LONGEST_FILE}


def test_no_package_gives_out_too_many_names() -> None:
    for module, tree in modules().items():
        if module[-1] == "__init__":
            given = [alias for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names]
            assert len(given) <= MOST_NAMES, "/".join(module)


@pytest.mark.parametrize("folder", FOLDERS)
def test_folders_import_only_what_lies_below(folder: str) -> None:
    for module in modules():
        if module[0] == folder:
            used = {target[0] for target in imports(module) if len(target) > 1} - {folder}
            assert used <= ALLOWED[folder], "/".join(module)


def test_no_circle_of_imports_among_the_parts_of_any_folder() -> None:
    """At every level: files and folders side by side, an arrow where anything in one imports anything in another."""
    arrows: dict[tuple[str, ...], set[tuple[str, str]]] = {}
    for module in modules():
        if module[0] == "tests":
            continue
        for target in imports(module):
            shared = next((k for k, (a, b) in enumerate(zip(module, target, strict=False)) if a != b), None)
            if shared is not None and "__init__" not in (module[shared], target[shared]):
                arrows.setdefault(module[:shared], set()).add((module[shared], target[shared]))
    for folder, edges in arrows.items():
        reached = set(edges)
        while True:
            longer = {(a, d) for (a, b), (c, d) in product(reached, edges) if b == c} - reached
            if not longer:
                break
            reached |= longer
        circles = {pair for pair in edges if (pair[1], pair[0]) in reached}
        assert not circles, f"in {'/'.join(folder) or 'the root'}"


def test_blender_is_imported_only_where_its_data_is_built_or_shown() -> None:
    for module in modules():
        if module[0] in ("core", "training"):
            assert not outside_imports(module) & {"bpy", "bmesh", "mathutils", "addon_utils"}, "/".join(module)


def test_torch_is_imported_only_in_core_and_training() -> None:
    heavy = {"torch", "torchvision", "diffusers", "transformers", "open_clip"}
    for module in modules():
        if module[0] not in ("core", "training", "benchmarks", "tests"):
            assert not outside_imports(module) & heavy, "/".join(module)


def test_the_extension_imports_itself_by_relative_names() -> None:
    """Blender gives an extension's package another name than clip_head."""
    for module in modules():
        if module[0] in ("core", "operators", "panels", "scene"):
            assert "clip_head" not in outside_imports(module), "/".join(module)
