"""One command line for a table of modules, of which only the chosen one is imported."""

from __future__ import annotations

import argparse
import importlib
import os
import sys


def dispatch(prog: str, kind: str, table: dict[str, tuple[str, str]], arguments: list[str] | None = None) -> None:
    """Run `prog NAME ...` for a name in the table.

    prog: the command, for the help.
    kind: what a name stands for ("stage", "model"), for the help.
    table: name -> (module of clip_head.training with add_arguments(parser) and run(args), what it does).
    arguments: the name and its options; None: those of the process.
    """
    # Threads that spin while they wait starve each other where the work shares its cores with other work.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    words = sys.argv[1:] if arguments is None else arguments
    width = max(map(len, table)) + 2
    listing = "\n".join(f"  {name:<{width}}{what}" for name, (_, what) in table.items())
    parser = argparse.ArgumentParser(
        prog=prog, epilog=f"{kind}s:\n{listing}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("name", choices=table, metavar=kind, help=f"one of the {kind}s below")
    name = parser.parse_args(words[:1]).name
    module = importlib.import_module(f"clip_head.training.{table[name][0]}")
    options = argparse.ArgumentParser(prog=f"{prog} {name}", description=table[name][1])
    module.add_arguments(options)
    module.run(options.parse_args(words[1:]))
