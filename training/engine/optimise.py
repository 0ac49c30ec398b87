"""The training loop of all stages: gradient steps under a schedule, with checkpoints to go on from if interrupted.

A stage builds its modules and a torch optimiser, and gives a function that computes the loss of one step. All that the
run depends on besides is kept in the checkpoint (weights, moments of the optimiser, step, states of the random number
generators), so that on a CPU a run that was interrupted and continued ends with the same bits as one that was not.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from tqdm import tqdm

from clip_head.core.errors import ClipHeadError

#: Seconds between two checkpoints where a stage does not count steps: what an interruption costs at most.
CHECKPOINT_SECONDS = 120.0
#: Steps between two readings of the loss for the progress bar: on a graphics card, reading it waits for the step.
LOSS_EVERY = 50

#: (step of this run, progress of it from 0 to 1) -> factor of every parameter group's learning rate.
Rate = Callable[[int, float], float]


def constant(step: int, progress: float) -> float:
    """The learning rate as it is."""
    return 1.0


def cosine(warmup: int = 0, floor: float = 0.0) -> Rate:
    """A linear warm-up, times half a cosine from 1 down to a floor (Loshchilov and Hutter, SGDR, 2017).

    warmup: steps of the warm-up.
    floor: what the factor falls to at the end of the run; 1 is no fall.
    """

    def rate(step: int, progress: float) -> float:
        warm = min(1.0, (step + 1) / warmup) if warmup else 1.0
        return warm * (floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress)))

    return rate


def one_cycle(steps: int, peak: float, first: float, middle: float, last: float) -> Rate:
    """Along a cosine to a middle value and along another away from it, the 1cycle policy (Smith and Topin, 2018).

    steps: of the whole run.
    peak: progress at which the middle value is reached, 0 to 1.
    first, middle, last: values at the first step, at the peak and at the last step.
    """
    peak_step = peak * steps - 1

    def value(step: int, progress: float) -> float:
        if step <= peak_step and peak_step > 0:
            start, end, fraction = first, middle, step / peak_step
        else:
            start, end, fraction = middle, last, (step - peak_step) / max(steps - 1 - peak_step, 1e-9)
        return end + (start - end) / 2 * (1 + math.cos(math.pi * fraction))

    return value


@dataclass(frozen=True)
class Schedule:
    """How long a training lasts and how its learning rate changes; it ends with whichever limit comes first.

    steps: steps in all, those of earlier calls included; None where time alone decides.
    minutes: length of one run. A call that finds a finished run goes on for another one; None where steps alone decide.
    rate: factor of the learning rates that the optimiser was made with.
    beta1: decay of the optimiser's first moment, where it changes on the way; None where it stays.
    clip_norm: gradients are scaled down to this norm at most, all parameters together; None: as they are.
    """

    steps: int | None = None
    minutes: float | None = None
    rate: Rate = constant
    beta1: Rate | None = None
    clip_norm: float | None = None

    def progress(self, step: int, seconds: float) -> float:
        """How much of the run is over, from 0; 1 or more at its end.

        step: steps taken in all.
        seconds: that this run has taken.
        """
        fractions = [1.0 if not limit else done / limit for done, limit in self._limits(step, seconds)]
        if not fractions:
            raise ValueError("A schedule needs steps or minutes.")
        return max(fractions)

    def _limits(self, step: int, seconds: float) -> list[tuple[float, float]]:
        """(done, limit) of steps and of seconds, of those that are limited."""
        limits = [] if self.steps is None else [(float(step), float(self.steps))]
        return limits if self.minutes is None else [*limits, (seconds, 60 * self.minutes)]


@dataclass(frozen=True)
class Checkpoint:
    """Where a training is kept.

    path: the file. It is written beside and then moved, so that there is never half of one.
    settings: what the run depends on besides its code, in words. A checkpoint of other settings is refused; "" where
        a training may go on under other ones.
    every_steps: steps between two checkpoints; None: every CHECKPOINT_SECONDS.
    """

    path: Path
    settings: str = ""
    every_steps: int | None = None


@dataclass(frozen=True)
class Trained:
    """What a training has come to.

    step: steps taken in all, earlier calls included.
    loss: of the last step, a scalar; NaN where this call took none.
    average: exponential moving average of the weights, by their names; empty where none is kept.
    """

    step: int
    loss: Tensor
    average: dict[str, Tensor] = field(default_factory=dict)


def optimise(
    modules: nn.Module,
    optimiser: torch.optim.Optimizer,
    loss_of_step: Callable[[int], Tensor],
    schedule: Schedule,
    *,
    name: str,
    checkpoint: Checkpoint | None = None,
    generator: np.random.Generator | None = None,
    average_decay: Callable[[int], float] | None = None,
    after_step: Callable[[Trained], None] | None = None,
    after_save: Callable[[Trained], None] | None = None,
    backward: Callable[[Tensor], None] = Tensor.backward,
    main_process: bool = True,
) -> Trained:
    """Minimise a loss over the parameters of an optimiser, from where the checkpoint is, in place.

    modules: all that is trained; their state is what the checkpoint holds.
    optimiser: over their parameters, in groups with the highest learning rate of each.
    loss_of_step: number of a step, from 0 on -> its loss. It may draw from torch's random numbers and the generator.
    schedule: how long, and how fast.
    name: of what is trained, for the progress bar and errors.
    checkpoint: where the run is kept and continued from; None for one of a few seconds.
    generator: NumPy's random numbers that the loss draws from; they go on where the checkpoint left them.
    average_decay: steps taken -> decay of the moving average of the weights; None: no average is kept.
    after_step: called after every step. Random numbers that it draws do not change the training.
    after_save: the same after every checkpoint, and at the end.
    backward: computes the gradients of a loss; of several processes, their mean.
    main_process: whether this is the process that keeps the checkpoint, shows the progress and calls after_*.

    Raises ClipHeadError where the checkpoint is of another training, or where the loss is not finite.
    """
    rates = [group["lr"] for group in optimiser.param_groups]
    average = {} if average_decay is None else {key: t.detach().clone() for key, t in modules.state_dict().items()}
    step, first, seconds = 0, 0, 0.0
    if checkpoint is not None and checkpoint.path.is_file():
        step, first, seconds = _restore(checkpoint, modules, optimiser, average, generator, schedule, name)
    trained = Trained(step, torch.tensor(math.nan), average)

    def save(finished: bool) -> None:
        if not bool(torch.isfinite(trained.loss)):
            raise ClipHeadError(
                f"The loss of {name} is {float(trained.loss)} after {step} steps.",
                "Train with a smaller learning rate, and look for values that are not finite in what it learns from.",
            )
        if checkpoint is not None:
            spent = time.perf_counter() - start
            counters = {"step": step, "first": first, "seconds": spent, "finished": finished}
            _write(checkpoint, counters, modules, optimiser, average, generator)
        _without_drawing(after_save, trained)

    begun, start = step, time.perf_counter() - seconds
    saved = time.perf_counter()
    bar = tqdm(desc=name, initial=step, total=schedule.steps, unit="step", mininterval=5, disable=not main_process)
    while (progress := schedule.progress(step, time.perf_counter() - start)) < 1:
        for group, rate in zip(optimiser.param_groups, rates, strict=True):
            group["lr"] = rate * schedule.rate(step - first, progress)
            if schedule.beta1 is not None:
                group["betas"] = (schedule.beta1(step - first, progress), group["betas"][1])
        loss = loss_of_step(step)
        optimiser.zero_grad(set_to_none=True)
        backward(loss)
        if schedule.clip_norm is not None:
            nn.utils.clip_grad_norm_(modules.parameters(), schedule.clip_norm)
        optimiser.step()
        step += 1
        if average_decay is not None:
            _follow(average, modules, average_decay(step))
        trained = Trained(step, loss.detach(), average)
        bar.update()
        if main_process:
            if step % LOSS_EVERY == 0:
                bar.set_postfix(loss=f"{loss.item():.4f}")
            _without_drawing(after_step, trained)
            if _is_due(checkpoint, step, time.perf_counter() - saved):
                save(finished=False)
                saved = time.perf_counter()
    bar.close()
    if main_process and step > begun:
        save(finished=True)
    return trained


def every(minutes: float, action: Callable[[Trained], None]) -> Callable[[Trained], None]:
    """A function for after_step that does something when so many minutes or more have gone since it last did.

    minutes: between two actions.
    action: what is done.
    """
    last = time.perf_counter()

    def act_when_due(trained: Trained) -> None:
        nonlocal last
        if time.perf_counter() - last > 60 * minutes:
            last = time.perf_counter()
            action(trained)

    return act_when_due


def write_checkpoint(
    checkpoint: Checkpoint,
    step: int,
    modules: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    generator: np.random.Generator | None,
) -> None:
    """Write the checkpoint of a finished run whose weights came from elsewhere.

    checkpoint: where to.
    step: number of steps that count as taken.
    modules, optimiser, generator: as in optimise.
    average: moving average of the weights, by their names; empty where none is kept.
    """
    counters = {"step": step, "first": 0, "seconds": 0.0, "finished": True}
    _write(checkpoint, counters, modules, optimiser, average, generator)


def _is_due(checkpoint: Checkpoint | None, step: int, seconds: float) -> bool:
    """Whether it is time for a checkpoint, so many seconds after the last."""
    if checkpoint is None or checkpoint.every_steps is None:
        return seconds > CHECKPOINT_SECONDS
    return step % checkpoint.every_steps == 0


@torch.no_grad()
def _follow(average: dict[str, Tensor], modules: nn.Module, decay: float) -> None:
    """Move the average towards the weights as they are; counters, which have no average, are copied."""
    for key, tensor in modules.state_dict().items():
        if tensor.is_floating_point():
            average[key].lerp_(tensor, 1 - decay)
        else:
            average[key].copy_(tensor)


def _without_drawing(call: Callable[[Trained], None] | None, trained: Trained) -> None:
    """Call it, and have torch's random numbers go on as if it had not been."""
    if call is not None:
        with torch.random.fork_rng(range(torch.cuda.device_count())):
            call(trained)


def _write(
    checkpoint: Checkpoint,
    counters: dict[str, Any],
    modules: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    generator: np.random.Generator | None,
) -> None:
    """Write a checkpoint: the counters of the run, and the state of all that it depends on."""
    content = {
        **counters,
        "settings": checkpoint.settings,
        "modules": modules.state_dict(),
        "optimiser": optimiser.state_dict(),
        "average": average,
        "torch_random": torch.get_rng_state(),
        "cuda_random": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        "numpy_random": None if generator is None else generator.bit_generator.state,
    }
    checkpoint.path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = checkpoint.path.with_name(f"{checkpoint.path.name}.part")
    torch.save(content, unfinished)
    os.replace(unfinished, checkpoint.path)


def _restore(
    checkpoint: Checkpoint,
    modules: nn.Module,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    generator: np.random.Generator | None,
    schedule: Schedule,
    name: str,
) -> tuple[int, int, float]:
    """Put everything where the checkpoint was; its step, the first step of its run, and seconds spent on that."""
    try:
        content = torch.load(checkpoint.path, map_location="cpu", weights_only=True)
        if content["settings"] == checkpoint.settings:
            modules.load_state_dict(content["modules"])
            optimiser.load_state_dict(content["optimiser"])
            stored_average = content["average"] or modules.state_dict()
            for key, tensor in average.items():
                tensor.copy_(stored_average[key])
            torch.set_rng_state(content["torch_random"])
            if len(content["cuda_random"]) == torch.cuda.device_count():
                torch.cuda.set_rng_state_all(content["cuda_random"])
            if generator is not None and content["numpy_random"] is not None:
                generator.bit_generator.state = content["numpy_random"]
            step, first, seconds = content["step"], content["first"], content["seconds"]
            over = content["finished"] or (schedule.minutes is not None and seconds >= 60 * schedule.minutes)
    except (KeyError, RuntimeError, TypeError, ValueError, EOFError, UnpicklingError) as error:
        raise ClipHeadError(
            f"{checkpoint.path} is no checkpoint of {name} ({type(error).__name__}: {error}).",
            "Delete the file to train from the beginning.",
        ) from error
    if content["settings"] != checkpoint.settings:
        raise ClipHeadError(
            f"{checkpoint.path} was made with other settings ({content['settings']}) than now ({checkpoint.settings}).",
            "Repeat those to go on with it, or delete the file to train from the beginning.",
        )
    return (step, step, 0.0) if over and schedule.minutes is not None else (step, first, seconds)
