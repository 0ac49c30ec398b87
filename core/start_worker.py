"""`python -I THIS_FILE [--packages FOLDER]... [OPTIONS]`: the worker, started by its path, wherever that is.

Nothing is handed over in PYTHONPATH, which cannot hold a path with a colon, and which a worker must not inherit.
--packages: a folder of libraries of the Python that starts the worker, in its order; all other options: worker.py.
"""

import argparse
import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--packages", action="append", default=[])
    options, worker_arguments = parser.parse_known_args()
    root = Path(__file__).resolve().parent.parent
    own = [entry for entry in sys.path if entry not in options.packages]
    sys.path[:] = [str(root), *own, *options.packages]
    sys.exit(importlib.import_module("core.worker").main(worker_arguments))
