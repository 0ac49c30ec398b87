"""Generate and Cancel: hand the request to a job, and its result to scene/ on the main thread as one undo step."""

from __future__ import annotations

import random
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

import bpy

from ..core.client import Worker, never
from ..core.errors import Cancelled, ClipHeadError, ModelError, WorkerError
from ..core.exchange import Variations
from ..core.request import check_request
from ..core.types import Head, HeadRequest, UnwrappedMesh, no_progress
from ..scene.hair_change import NewHair
from . import environment, gallery
from .environment import Environment
from .job import Job, Serve, new_head
from .prompts import remember_prompt
from .results import express, object_of, put_result
from .settings import worker_from_preferences

#: Seconds between two calls of the timer that follows a job: short enough for the progress to look smooth.
_TICK_SECONDS = 0.1


class Session:
    """What lives as long as the add-on is enabled. Blender's timers and operators share no other place for it.

    worker: the process that computes, None before the first job.
    job: in progress.
    head: or another result that is finished, and waits until it can be added to the scene.
    scene: name of the scene that it is added to.
    target: Blender's id, for this session, of the object that it is for; 0 for a new head.
    """

    worker: Worker | None = None
    job: Job | None = None
    head: Head | UnwrappedMesh | NewHair | None = None
    scene: str = ""
    target: int = 0


#: The one session of this Blender.
session = Session()


@dataclass(frozen=True)
class Order:
    """What an operator asks for.

    request: that is checked, and recorded; None where no head is asked for.
    serve: has the worker serve it.
    target: the object that the result is for; None for a new head.
    """

    request: HeadRequest | None
    serve: Serve
    target: bpy.types.Object | None = None


def is_free() -> bool:
    """Whether a job may start: only one head is made at a time."""
    return session.job is None and session.head is None


class CLIP_HEAD_OT_generate(bpy.types.Operator):
    """Make a head from the words. Blender stays usable meanwhile"""

    bl_idname = "clip_head.generate"
    bl_label = "Generate Head"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """One head at a time."""
        return is_free()

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Start the job; without an interface, where no timer fires, wait for it instead."""

        def prepare() -> Order:
            request = context.scene.clip_head.request()
            return Order(request, new_head(request))

        started = start(self, context, prepare)
        if "FINISHED" in started and not bpy.app.background:
            remember_prompt(context.scene.clip_head.prompt, environment.user_folder())
        return started


def start(operator: bpy.types.Operator, context: bpy.types.Context, prepare: Callable[[], Order]) -> set[str]:
    """Start a job, or, where no timer fires, do it at once.

    operator: whose execute this is; errors are reported by it.
    prepare: reads what the job needs; its ClipHeadErrors are shown.
    Returns what the operator's execute returns.
    """
    status = context.window_manager.clip_head_status
    _reset(status)
    try:
        order = prepare()
        if order.request is not None:
            check_request(order.request)
        worker = _warm_worker(context)
        if bpy.app.background:
            result = order.serve(worker, no_progress, never)
            if isinstance(result, Variations):
                gallery.show(result)
            elif isinstance(result, Environment):
                environment.show(result, context, status)
            elif isinstance(result, dict):
                assert order.target is not None and order.request is not None  # whose expression it is
                express(order.target, result, order.request, context.scene, status)
            else:
                put_result(result, order.target, context.scene, status)
            return {"FINISHED"}
    except ClipHeadError as error:
        _show_error(status, error)
        operator.report({"ERROR"}, str(error))
        return {"CANCELLED"}
    status.running = True
    uid = order.target.session_uid if order.target else 0
    session.job = Job(worker, order.request, context.scene.name, uid, order.serve)
    bpy.app.timers.register(tick, first_interval=_TICK_SECONDS, persistent=True)
    return {"FINISHED"}


class CLIP_HEAD_OT_cancel(bpy.types.Operator):
    """Stop making the head, now"""

    bl_idname = "clip_head.cancel"
    bl_label = "Cancel"
    bl_options: ClassVar = {"REGISTER"}

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Something must be on its way."""
        return session.job is not None or session.head is not None

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Ask the job to stop; the timer sees it end."""
        session.head = None
        if session.job is not None:
            session.job.cancel()
        return {"FINISHED"}


class CLIP_HEAD_OT_new_seed(bpy.types.Operator):
    """Another seed: another person whom the same words describe"""

    bl_idname = "clip_head.new_seed"
    bl_label = "New Seed"
    bl_options: ClassVar = {"REGISTER", "UNDO"}

    def execute(self, context: bpy.types.Context) -> set[str]:
        """Draw a seed short enough to be read and remembered."""
        context.scene.clip_head.seed = random.randrange(100_000)
        return {"FINISHED"}


class CLIP_HEAD_OT_report(bpy.types.Operator):
    """Show an error of CLIP-Head where Blender shows reports, also while the sidebar is closed"""

    bl_idname = "clip_head.report"
    bl_label = "CLIP-Head"
    bl_options: ClassVar = {"INTERNAL"}

    message: bpy.props.StringProperty()  # type: ignore[valid-type]

    def invoke(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Wait for the next event: Blender shows no report of an operator that Python called, a timer's included."""
        self._timer = context.window_manager.event_timer_add(0.01, window=context.window)
        context.window_manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, _event: bpy.types.Event) -> set[str]:
        """Report, and leave the event to whoever it was meant for."""
        context.window_manager.event_timer_remove(self._timer)
        self.report({"ERROR"}, self.message)
        return {"CANCELLED", "PASS_THROUGH"}


def _warm_worker(context: bpy.types.Context) -> Worker:
    """The session's worker, exchanged where the preferences have changed since it was made."""
    wanted = worker_from_preferences(context)
    if session.worker is None or session.worker.options != wanted.options:
        _close_worker()
        session.worker = wanted
    return session.worker


def _close_worker() -> None:
    """End the session's worker."""
    if session.worker is not None:
        session.worker.close()
    session.worker = None


def tick() -> float | None:
    """The timer: show the job's progress, and add the finished head. It ends when there is neither job nor head."""
    status = bpy.context.window_manager.clip_head_status
    before = _snapshot(status)
    try:
        if session.job is not None:
            _read_news(session.job, status)
        if session.head is not None:
            _add_when_free(session.head, status)
    except Exception as failure:
        session.job = session.head = None
        error = failure if isinstance(failure, ClipHeadError) else _unexpected(failure)
        _show_error(status, error)
        if not bpy.app.background:
            with bpy.context.temp_override(window=_window()):
                bpy.ops.clip_head.report("INVOKE_DEFAULT", message=str(error))
    status.running = session.job is not None or session.head is not None
    if _snapshot(status) != before:
        _redraw()
    return _TICK_SECONDS if status.running else None


def _unexpected(failure: Exception) -> ClipHeadError:
    """An artist's version of an error while the head is added: a timer that raised would leave the panel waiting."""
    error = WorkerError(
        f"The head was made, but could not be added to the scene ({type(failure).__name__}: {failure}).",
        "Please report it with the console's text.",
    )
    error.add_note("".join(traceback.format_exception(failure)))
    return error


def _read_news(job: Job, status: bpy.types.PropertyGroup) -> None:
    """Show how far `job` is and take its head. Raises the error that it met."""
    for item in job.news():
        if isinstance(item, tuple):
            status.stage, status.fraction = item
            continue
        session.job = None
        if isinstance(item, dict):
            assert job.request is not None
            window = _window()
            scene = bpy.data.scenes.get(job.scene) or window.scene
            with bpy.context.temp_override(window=window):
                express(object_of(job.target), item, job.request, scene, status)
                bpy.ops.ed.undo_push(message="Change Expression")
        elif isinstance(item, Variations):
            gallery.show(item)
        elif isinstance(item, Environment):
            environment.show(item, bpy.context, status)
        elif isinstance(item, ClipHeadError):
            raise item
        elif not isinstance(item, Cancelled):
            session.head, session.scene, session.target = item, job.scene, job.target


def _add_when_free(head: Head | UnwrappedMesh | NewHair, status: bpy.types.PropertyGroup) -> None:
    """Add the head as one undo step, or wait while the artist is in the middle of something that it would disturb."""
    condition = _wait_until()
    if condition:
        status.stage, status.fraction = f"Ready: waits until {condition}", 1.0
        return
    session.head = None
    window = _window()
    scene = bpy.data.scenes.get(session.scene) or window.scene
    with bpy.context.temp_override(window=window):
        target = object_of(session.target) if session.target else None
        bpy.ops.ed.undo_push(message=put_result(head, target, scene, status))


def _window() -> bpy.types.Window:
    """A window to act in: timers run without one."""
    return bpy.context.window or bpy.context.window_manager.windows[0]


def _wait_until() -> str:
    """What must have happened, to follow "waits until", before a new object and an undo step disturb nothing that the
    artist or Blender is doing; empty if they may come now."""
    if bpy.context.mode != "OBJECT":
        return "you are back in Object Mode"
    if any(bpy.app.is_job_running(kind) for kind in ("RENDER", "OBJECT_BAKE")):
        return "the rendering is done"
    windows = bpy.context.window_manager.windows
    if any(operator.bl_idname.startswith("TRANSFORM_OT") for window in windows for operator in window.modal_operators):
        return "you have moved what you hold"
    return ""


def _reset(status: bpy.types.PropertyGroup) -> None:
    """Clear what the panel shows of a job; the last result stays."""
    status.running = False
    status.stage, status.fraction = "", 0.0
    status.cause = status.remedy = status.details = ""
    status.installation = False


def _show_error(status: bpy.types.PropertyGroup, error: ClipHeadError) -> None:
    """Show an error in the panel, and its notes (tracebacks, a process's last lines) on the console."""
    status.cause, status.remedy = error.cause, error.remedy
    status.installation = isinstance(error, ModelError | WorkerError)
    status.details = "\n".join(getattr(error, "__notes__", ()))
    for note in getattr(error, "__notes__", ()):
        print(f"CLIP-Head: {note}", file=sys.stderr)


def _snapshot(status: bpy.types.PropertyGroup) -> tuple[bool, str, float]:
    """What the panel shows of the job: where it changes, the panel is drawn again."""
    return status.running, status.stage, status.fraction


def _redraw() -> None:
    """Draw the sidebars again, and not the scenes beside them, which may be heavy."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type == "VIEW_3D":
                for region in area.regions:
                    if region.type == "UI":
                        region.tag_redraw()


@bpy.app.handlers.persistent
def _on_load(*_: object) -> None:
    """Another file was opened: the head was asked for in the one before, and is not put into this one."""
    if session.job is None and session.head is None:
        return
    if session.job is not None:
        session.job.cancel()
        session.job.wait()
    session.job = session.head = None
    status = bpy.context.window_manager.clip_head_status
    _reset(status)
    status.result = "Stopped, because another file was opened. The same words and seed make the same head again."


#: What is registered, in this order.
CLASSES = (CLIP_HEAD_OT_generate, CLIP_HEAD_OT_cancel, CLIP_HEAD_OT_new_seed, CLIP_HEAD_OT_report)


def register() -> None:
    """Register the operators, and the handler for a file opened while a head is made."""
    for cls in CLASSES:
        bpy.utils.register_class(cls)
    bpy.app.handlers.load_post.append(_on_load)


def unregister() -> None:
    """Undo `register`, and end the worker."""
    bpy.app.handlers.load_post.remove(_on_load)
    if bpy.app.timers.is_registered(tick):
        bpy.app.timers.unregister(tick)
    if session.job is not None:
        session.job.cancel()
        session.job.wait()
    session.job = session.head = None
    _close_worker()
    for cls in reversed(CLASSES):
        bpy.utils.unregister_class(cls)
