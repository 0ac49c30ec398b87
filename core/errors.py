"""The errors an artist can read: what happened, with which value, and what to do about it."""


class ClipHeadError(Exception):
    """A problem with a cause and a remedy, both in an artist's words.

    `str(error)` is one paragraph: the cause (with the offending value) followed by the remedy.
    """

    exit_code = 1

    def __init__(self, cause: str, remedy: str) -> None:
        super().__init__(f"{cause} {remedy}")
        self.cause = cause
        self.remedy = remedy


class RequestError(ClipHeadError):
    """The request itself cannot be served: empty prompt, size out of range, unknown option."""

    exit_code = 2


class ModelError(ClipHeadError):
    """A model folder is missing, truncated, of the wrong kind, or computes NaN."""

    exit_code = 3


class MeshError(ClipHeadError):
    """A mesh cannot be used as a head: no surface, no neck cut, not one piece."""

    exit_code = 4


class OutputError(ClipHeadError):
    """The results cannot be written: no permission, disk full."""

    exit_code = 5


class WorkerError(ClipHeadError):
    """The process that computes cannot be started, ended unexpectedly or ran out of memory."""

    exit_code = 6


class Cancelled(Exception):
    """The artist asked to stop. Raised by a Progress callback, passed through by every stage."""

    exit_code = 130


def is_out_of_memory(message: str) -> bool:
    """Whether an error's message says that memory ran out: Python's, numpy's, torch's for any device, the system's."""
    message = message.lower()
    return any(
        phrase in message
        for phrase in (
            "out of memory",
            "not enough memory",
            "can't allocate",
            "cannot allocate",
            "unable to allocate",
            "failed to allocate",
            "bad_alloc",
            "memoryerror",
        )
    )
