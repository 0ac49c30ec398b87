"""How long a head takes to extract: `python -m benchmarks.nphm.extraction` prints one line per resolution and style."""

from __future__ import annotations

import argparse
import resource
from pathlib import Path
from time import perf_counter, process_time

import numpy as np

from clip_head.core.models import EMBEDDED
from clip_head.core.nphm import decode_head, extract_head, load_nphm
from clip_head.core.nphm.embedded import EmbeddedNPHM
from clip_head.core.types import Latents


def main() -> None:
    """Measure what the command line names, and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=EMBEDDED / "nphm")
    parser.add_argument("--resolutions", type=int, nargs="+", default=[128, 256])
    args = parser.parse_args()
    nphm = load_nphm(args.weights)
    network = nphm.network
    styles: tuple[str, ...] = network.config.styles if isinstance(network, EmbeddedNPHM) else ()
    print(f"{'resolution':>10} {'style':>12} {'seconds':>8} {'CPU s':>6} {'vertices':>9} {'peak MB':>8}")
    for resolution in args.resolutions:
        for style in ("bald", *styles[:3]):
            hair = np.array([name == style for name in styles], dtype=np.float32)
            z_id = np.concatenate([np.zeros(network.id_size - len(styles), np.float32), hair])
            wall, cpu = perf_counter(), process_time()
            head = extract_head(decode_head(nphm, Latents(z_id, np.zeros(network.exp_size, np.float32))), resolution)
            wall, cpu = perf_counter() - wall, process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{resolution:>10} {style:>12} {wall:>8.1f} {cpu:>6.1f} {len(head.vertices):>9} {peak:>8.0f}")


if __name__ == "__main__":
    main()
