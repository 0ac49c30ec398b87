"""The guard around torchvision."""

import subprocess
import sys

CHILD = """
from clip_head.core.compat import prepare_torchvision
prepare_torchvision()
prepare_torchvision()
import torch, torchvision
from torchvision.transforms.v2.functional import resize
assert resize(torch.zeros(1, 3, 8, 8), [4, 4]).shape == (1, 3, 4, 4)
print(torchvision.extension._has_ops(), prepare_torchvision() is None)
"""


def test_torchvision_imports_and_its_own_operators_are_never_replaced():
    # A process of its own: an import that once failed or succeeded would decide the answer here.
    child = subprocess.run([sys.executable, "-c", CHILD], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    extension_loads, nothing_declared = child.stdout.split()
    assert extension_loads == nothing_declared


def test_nothing_is_declared_where_the_extension_loads(tmp_path, monkeypatch):
    from importlib.machinery import ModuleSpec

    from clip_head.core import compat

    spec = ModuleSpec("torchvision", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(compat, "find_spec", lambda name: None)
    assert compat.prepare_torchvision.__wrapped__() is None  # no torchvision at all
    (tmp_path / "_C.so").write_bytes(b"not a library")
    assert compat._load_extension([str(tmp_path)]) == compat._load_extension([])
