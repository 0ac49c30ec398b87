"""What an operator has the worker do: a thread drives the worker, the main thread reads what happened.

Touches no Blender data.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from ..core.client import Worker
from ..core.errors import Cancelled, ClipHeadError, WorkerError
from ..core.exchange import Variations
from ..core.types import Head, HeadRequest, Progress, UnwrappedMesh
from ..scene.hair_change import NewHair
from .environment import Environment

#: What the worker makes: a head or a skin, a raw surface, other hair, pictures, or the strengths of facial actions; and
#: what is found out of the libraries that it works with.
Result = Head | UnwrappedMesh | NewHair | Variations | dict[str, float] | Environment
#: serve(worker, progress, cancelled): has the worker make it, as Worker.run_job does.
Serve = Callable[[Worker, Progress, Callable[[], bool]], Result]
#: What a job reports: (stage, fraction) while it runs; at the end the result or the error, which may be Cancelled.
News = tuple[str, float] | Result | ClipHeadError | Cancelled


def new_head(request: HeadRequest) -> Serve:
    """What makes a new head.

    request: what is asked for.
    """
    return lambda worker, progress, cancelled: worker.run_job(request, progress, cancelled)


class Job:
    """A request that is being served. `news()` never waits; its last item is the result, a ClipHeadError or Cancelled.

    worker: serves it.
    request: what is asked for; None where it is no head.
    scene: name of the scene that a new head is added to.
    target: Blender's id, for this session, of the object that the result is for; 0 for a new head.
    serve: has the worker serve it; None for a new head.
    """

    def __init__(
        self, worker: Worker, request: HeadRequest | None, scene: str, target: int = 0, serve: Serve | None = None
    ) -> None:
        self.request = request
        self.scene = scene
        self.target = target
        if serve is None:
            assert request is not None
            serve = new_head(request)
        self._serve = serve
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(worker,), name="CLIP-Head", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """End the worker; the job's last news will be Cancelled. Returns at once."""
        self._stop.set()

    def wait(self) -> None:
        """Return when the thread is through."""
        self._thread.join()

    def news(self) -> list[News]:
        """Everything reported since the last call, the oldest first."""
        items = []
        while not self._news.empty():
            items.append(self._news.get())
        return items

    def _run(self, worker: Worker) -> None:
        """What the thread does: have the worker serve the request, and report."""

        def progress(stage: str, fraction: float) -> None:
            self._news.put((stage, fraction))

        try:
            self._news.put(self._serve(worker, progress, self._stop.is_set))
        except (ClipHeadError, Cancelled) as error:
            self._news.put(error)
        except Exception as error:
            self._news.put(
                WorkerError(f"The head could not be fetched ({error!r}).", "Check free disk space, then try again.")
            )
