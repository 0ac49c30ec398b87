"""One head being made: a thread drives the worker, the main thread reads what happened. Touches no Blender data."""

from __future__ import annotations

import queue
import threading

from ..core.client import Worker
from ..core.errors import Cancelled, ClipHeadError, WorkerError
from ..core.types import Canvas, Head, HeadRequest

#: What a job tells: (stage, fraction) on the way; at the end the head or the error, Cancelled among them.
News = tuple[str, float] | Head | ClipHeadError | Cancelled


class Job:
    """A request on its way. `news()` never waits; its last item is a Head, a ClipHeadError or Cancelled.

    scene: the name of the one that asked; canvas: the head to be painted, where it is there already; target: the
    session's id of the object that it belongs to, 0 where a new one is made.
    """

    def __init__(
        self, worker: Worker, request: HeadRequest, scene: str, canvas: Canvas | None = None, target: int = 0
    ) -> None:
        self.request = request
        self.scene = scene
        self.target = target
        self._canvas = canvas
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
        """Everything told since the last call."""
        told = []
        while not self._news.empty():
            told.append(self._news.get())
        return told

    def _run(self, worker: Worker) -> None:
        def progress(stage: str, fraction: float) -> None:
            self._news.put((stage, fraction))

        try:
            self._news.put(worker.run_job(self.request, progress, self._stop.is_set, self._canvas))
        except (ClipHeadError, Cancelled) as error:
            self._news.put(error)
        except Exception as error:
            self._news.put(
                WorkerError(f"The head could not be fetched ({error!r}).", "Check free disk space, then try again.")
            )
