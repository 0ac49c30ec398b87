"""`python -I THIS_FILE [--packages FOLDER]...`: what a Python has of the libraries that compute, as a line of JSON.

Started by core/libraries.py in the Python that is asked about: torch is never imported where Blender runs.
"""

import argparse
import importlib
import importlib.metadata
import json
import platform
import sys
from pathlib import Path

#: Name of an import -> of the distribution that brings it.
LIBRARIES = {
    "numpy": "numpy",
    "scipy": "scipy",
    "skimage": "scikit-image",
    "fast_simplification": "fast-simplification",
    "torch": "torch",
    "torchvision": "torchvision",
    "open_clip": "open-clip-torch",
    "transformers": "transformers",
    "diffusers": "diffusers",
    "safetensors": "safetensors",
    "PIL": "pillow",
    "tqdm": "tqdm",
}


def device() -> str:
    """What torch may compute on."""
    import torch

    if torch.cuda.is_available():
        return f"CUDA ({torch.cuda.get_device_name(0)})"
    return "Metal" if torch.backends.mps.is_available() else f"CPU, {torch.get_num_threads()} threads"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--packages", action="append", default=[])
    sys.path += parser.parse_args().packages
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    versions, missing = {}, {}
    for name, distribution in LIBRARIES.items():
        try:
            if name == "torchvision":
                importlib.import_module("core.compat").prepare_torchvision()
            importlib.import_module(name)
            versions[distribution] = importlib.metadata.version(distribution)
        except Exception as error:  # whatever a broken library raises
            missing[distribution] = f"{type(error).__name__}: {error}".splitlines()[0]
    answer = {"python": platform.python_version(), "versions": versions, "missing": missing}
    print(json.dumps(answer | {"device": "" if "torch" in missing else device()}))
