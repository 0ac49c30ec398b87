"""The rows of a batch on the machines of a Dask cluster, all of which see the same folder of heads.

Dask's own ways of starting one (over SSH, on Kubernetes, through a batch system) serve as they are: what counts is the
scheduler's address. Imported only where one is given, for the libraries of the extension do not bring Dask.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from distributed import Client, Worker, WorkerPlugin, get_worker

from ...core.errors import RequestError
from .pool import BatchOptions, LanePool, Made
from .rows import Row

#: Under which name each of the cluster's workers keeps its processes.
_PLUGIN = "clip_head_batch"
#: Seconds in which a scheduler must answer.
_PATIENCE = 20.0


class LanePlugin(WorkerPlugin):
    """The processes that one worker of the cluster keeps warm between rows.

    options: of the batch; its command starts our command line on every machine.
    """

    def __init__(self, options: BatchOptions) -> None:
        self._options = options
        self.pool: LanePool | None = None

    def setup(self, worker: Worker) -> None:
        """Called by Dask on each worker, also on one that comes later."""
        self.pool = LanePool(self._options)

    def teardown(self, worker: Worker) -> None:
        """Called by Dask when the batch is over."""
        if self.pool is not None:
            self.pool.close()


def make_on_worker(row: Row) -> Made:
    """Make a row's head on the worker of the cluster that this runs on.

    row: without an error.
    Raises ClipHeadError.
    """
    plugin = get_worker().plugins[_PLUGIN]
    assert isinstance(plugin, LanePlugin) and plugin.pool is not None
    return plugin.pool.make(row)


@contextmanager
def cluster(address: str, options: BatchOptions) -> Iterator[Executor]:
    """An executor that runs `make_on_worker` on a cluster, whose processes of ours end when the block does.

    A row whose machine is lost is made by another.

    address: of its scheduler, such as tcp://farm:8786.
    options: of the batch.
    Raises RequestError where nobody answers.
    """
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise RequestError(
            f"No scheduler answers at {address} ({type(error).__name__}).", "Start one, or check the address."
        ) from error
    with client:
        client.register_plugin(LanePlugin(options), name=_PLUGIN)
        try:
            with client.get_executor() as executor:
                yield executor
        finally:
            client.unregister_worker_plugin(_PLUGIN)
