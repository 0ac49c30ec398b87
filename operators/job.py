"""One head being made, or an expression being read: a thread drives the worker, the main thread reads what happened.
Touches no Blender data."""

from __future__ import annotations

import queue
import threading

from ..core.client import Worker
from ..core.errors import Cancelled, ClipHeadError, WorkerError
from ..core.types import Canvas, Head, HeadRequest

#: What a job reports: (stage, fraction) while it runs; at the end the head, the strengths of facial actions or the
#: error, which may be Cancelled.
News = tuple[str, float] | Head | dict[str, float] | ClipHeadError | Cancelled


class Job:
    """A request that is being served. `news()` never waits; its last item is the result, a ClipHeadError or Cancelled.

    worker: serves it.
    request: what is asked for.
    scene: name of the scene that a new head is added to.
    canvas: the head to be painted; None for a new head.
    target: Blender's id, for this session, of the object of that head; 0 for a new head.
    expression: whether only the request's expression is to be read, for the target.
    """

    def __init__(
        self,
        worker: Worker,
        request: HeadRequest,
        scene: str,
        canvas: Canvas | None = None,
        target: int = 0,
        expression: bool = False,
    ) -> None:
        self.request = request
        self.scene = scene
        self.target = target
        self._canvas = canvas
        self._expression = expression
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
            if self._expression:
                self._news.put(worker.read_expression(self.request, progress, self._stop.is_set))
            else:
                self._news.put(worker.run_job(self.request, progress, self._stop.is_set, self._canvas))
        except (ClipHeadError, Cancelled) as error:
            self._news.put(error)
        except Exception as error:
            self._news.put(
                WorkerError(f"The head could not be fetched ({error!r}).", "Check free disk space, then try again.")
            )
