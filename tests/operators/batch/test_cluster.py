"""A batch on a Dask cluster, of which a machine is lost while it works: nothing is lost, nothing is made twice."""

import json
import os
import signal
import threading
import time
from pathlib import Path

import pytest

from clip_head.operators.batch.command import main

distributed = pytest.importorskip("distributed")


@pytest.mark.slow(minutes=0.4)
def test_a_worker_killed_in_mid_row(tmp_path: Path, again: tuple[str, ...]) -> None:
    prompts = ["a slow man", "a woman", "a child", "an old man", "a slow girl"]
    (tmp_path / "rows.txt").write_text("\n".join(prompts), encoding="utf-8")
    out = tmp_path / "out"
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, dashboard_address=None, local_directory=str(tmp_path / "dask")
    ) as cluster:
        codes = []
        arguments = [str(tmp_path / "rows.txt"), "--out", str(out), "--scheduler", cluster.scheduler_address]
        arguments += ["--no-render", "--texture-size", "64"]
        thread = threading.Thread(target=lambda: codes.append(main(arguments, None, "./run", again)))
        thread.start()
        while not list(out.glob(".clip_head-*/head")):
            time.sleep(0.05)
            assert thread.is_alive()
        victim = next(iter(cluster.workers.values()))
        os.kill(victim.pid, signal.SIGKILL)
        thread.join()
    entries = [json.loads(line) for line in (out / "manifest.jsonl").read_text().splitlines()]
    assert codes == [0]
    assert sorted(entry["prompt"] for entry in entries) == sorted(prompts)
    assert sorted(path.parent.name for path in out.glob("*/head.blend")) == sorted(e["folder"] for e in entries)
    assert not list(out.glob(".clip_head-*")), "what the lost machine had begun is gone"
