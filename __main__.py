"""`python THIS_FOLDER PROMPT`: the command line, whatever the folder is called and before anything is installed."""

import importlib.util
import sys
from pathlib import Path


def _load_package() -> None:
    """Make this folder importable as `clip_head`, and only as that."""
    root = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if not entry or Path(entry).resolve() != root]
    spec = importlib.util.spec_from_file_location(
        "clip_head", root / "__init__.py", submodule_search_locations=[str(root)]
    )
    assert spec is not None and spec.loader is not None
    package = importlib.util.module_from_spec(spec)
    sys.modules["clip_head"] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    _load_package()
    from clip_head.operators.commands import main

    sys.exit(main(sys.argv[1:]))
