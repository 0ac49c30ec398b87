"""Ctrl-C and its kin, heard at once: Python alone would hear them only when Blender's own code has returned."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

#: What asks a program to stop: Ctrl-C, `kill`, and a terminal that is closed (which Windows does not tell).
_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def stopped_by_signals(clean_up: Callable[[], None]) -> Iterator[Callable[[], object]]:
    """While the block runs, a signal that asks to stop calls `clean_up`, then ends the program at once.

    Both happen in a thread of their own, because the main thread may be inside Blender for a minute, which crashes when
    it is left or ended half-way. The exit code is 128 + the signal's number. Signals that were ignored before (nohup)
    still are.

    clean_up: must not touch Blender, which the main thread may be inside of.
    Yields a function to be called when the work is about to be completed: after it, signals come too late.
    """
    # Held by the main thread, signals come too late; held by the other thread, the program is ending.
    ending = threading.RLock()
    receiver, sender = socket.socketpair()
    sender.setblocking(False)

    def watch() -> None:
        number = receiver.recv(1)
        if number:
            with ending:
                try:
                    clean_up()
                finally:
                    os._exit(128 + number[0])

    previous = {number: signal.getsignal(number) for number in _SIGNALS}
    previous = {number: handler for number, handler in previous.items() if handler is not signal.SIG_IGN}
    wakeup = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
    for number in previous:
        signal.signal(number, lambda *_: None)  # the thread hears of it through the socket
    threading.Thread(target=watch, daemon=True).start()
    try:
        yield ending.acquire
    finally:
        ending.acquire()  # waits for ever where the program is ending already
        for number, handler in previous.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        signal.set_wakeup_fd(wakeup)
        sender.close()
