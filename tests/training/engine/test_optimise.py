"""The training loop: schedules, averages, and runs that were interrupted."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from clip_head.core.errors import ClipHeadError
from clip_head.training.engine import optimise as engine
from clip_head.training.engine.optimise import (
    Checkpoint,
    Schedule,
    Trained,
    cosine,
    every,
    one_cycle,
    optimise,
    write_checkpoint,
)

STEPS = 12


class Interrupted(Exception):
    """What stops a run in these tests."""


class Clock:
    """Seconds that pass only where a test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(engine.time, "perf_counter", clock)
    return clock


class Regression:
    """A small network with dropout and normalisation that learns a sine from noisy points: it draws from both random
    number generators, and has weights, buffers and two groups of parameters."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.first = nn.Linear(1, 16)
        self.network = nn.Sequential(self.first, nn.BatchNorm1d(16), nn.Dropout(0.05), nn.Tanh(), nn.Linear(16, 1))
        self.network.to(torch.float64)
        body, head = list(self.network[:-1].parameters()), list(self.network[-1].parameters())
        self.optimiser = torch.optim.AdamW([{"params": body, "lr": 2e-2}, {"params": head, "lr": 1e-2}])
        self.generator = np.random.default_rng(0)
        self.rates: list[list[float]] = []

    def loss(self, step: int) -> Tensor:
        self.rates.append([group["lr"] for group in self.optimiser.param_groups])
        x = torch.from_numpy(self.generator.uniform(-2, 2, (64, 1)))
        noise = 0.01 * torch.randn(64, 1, dtype=torch.float64)
        return (self.network(x) - x.sin() + noise).square().mean()

    def train(self, schedule: Schedule, **options: Any) -> Trained:
        return optimise(
            self.network, self.optimiser, self.loss, schedule, name="a sine", generator=self.generator, **options
        )


def interrupt_after(step: int) -> Any:
    def check(trained: Trained) -> None:
        if trained.step == step:
            raise Interrupted

    return check


def test_what_is_to_be_learnt_is_learnt() -> None:
    task = Regression()
    x = torch.linspace(-2, 2, 50, dtype=torch.float64)[:, None]

    def error() -> float:
        with torch.no_grad():
            return float((task.network.eval()(x) - x.sin()).square().mean())

    before = error()
    task.network.train()
    assert task.train(Schedule(steps=60, rate=cosine(5), clip_norm=1.0)).step == 60
    assert error() < 0.1 * before


@pytest.mark.parametrize("last", [3, 7, 11])
def test_an_interrupted_run_ends_with_the_same_bits(tmp_path: Path, last: int) -> None:
    schedule = Schedule(steps=STEPS, rate=cosine(3, 0.1), clip_norm=1.0)
    checkpoint = Checkpoint(tmp_path / "run.pt", every_steps=2)
    options: dict[str, Any] = {"average_decay": lambda step: min(0.9, step / (step + 2))}
    whole = Regression()
    expected = whole.train(schedule, **options)
    broken = Regression()
    with pytest.raises(Interrupted):
        broken.train(schedule, checkpoint=checkpoint, after_step=interrupt_after(last), **options)
    resumed = Regression()
    torch.rand(99)  # another process has drawn other numbers
    trained = resumed.train(schedule, checkpoint=checkpoint, **options)
    assert len(resumed.rates) == STEPS - (last - 1) // 2 * 2, "it goes on from the last checkpoint"
    for key, tensor in whole.network.state_dict().items():
        assert torch.equal(resumed.network.state_dict()[key], tensor), key
    for key, tensor in expected.average.items():
        assert torch.equal(trained.average[key], tensor), key
    assert not list(tmp_path.glob("*.part"))


def test_what_is_done_besides_changes_no_training(tmp_path: Path) -> None:
    plain = Regression()
    plain.train(Schedule(steps=STEPS))
    watched = Regression()

    def draw(trained: Trained) -> None:
        torch.rand(3)

    watched.train(
        Schedule(steps=STEPS), checkpoint=Checkpoint(tmp_path / "a.pt", every_steps=1), after_step=draw, after_save=draw
    )
    for key, tensor in plain.network.state_dict().items():
        assert torch.equal(watched.network.state_dict()[key], tensor), key


def test_a_finished_run_is_left_as_it_is_and_a_longer_one_goes_on(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "run.pt")
    Regression().train(Schedule(steps=4), checkpoint=checkpoint)
    written = checkpoint.path.read_bytes()
    again = Regression()
    assert again.train(Schedule(steps=4), checkpoint=checkpoint).step == 4
    assert (again.rates, checkpoint.path.read_bytes()) == ([], written)
    longer = Regression()
    assert longer.train(Schedule(steps=6), checkpoint=checkpoint).step == 6
    assert len(longer.rates) == 2


def test_groups_keep_their_rates_to_each_other_along_the_schedule() -> None:
    task = Regression()
    task.train(Schedule(steps=STEPS, rate=cosine(4, 0.1)))
    body, head = np.array(task.rates).T
    np.testing.assert_allclose(body, 2 * head)
    assert body[0] == pytest.approx(2e-2 / 4 * 1)
    assert body[-1] < body.max() / 3
    assert body.min() > 0


def test_a_time_limit_ends_a_run_and_the_next_call_makes_another(tmp_path: Path, clock: Clock) -> None:
    def train(stop: int | None = None) -> tuple[Regression, Trained]:
        task = Regression()
        loss = task.loss

        def slow(step: int) -> Tensor:
            clock.now += 6
            return loss(step)

        trained = optimise(
            *(task.network, task.optimiser, slow, Schedule(minutes=1, rate=cosine())),
            name="a sine",
            checkpoint=Checkpoint(tmp_path / "run.pt", every_steps=2),
            after_step=interrupt_after(stop) if stop else None,
        )
        return task, trained

    with pytest.raises(Interrupted):
        train(stop=5)
    clock.now += 1e4  # nobody trained meanwhile
    task, trained = train()
    assert trained.step == 10, "a minute of six seconds each, whatever came between"
    assert task.rates[0][0] == pytest.approx(2e-2 * 0.5 * (1 + math.cos(math.pi * 0.4)))
    task, trained = train()
    assert trained.step == 20
    assert task.rates[0][0] == pytest.approx(2e-2), "another run begins with the highest rate"


def test_no_time_is_no_step(tmp_path: Path) -> None:
    task = Regression()
    before = task.first.weight.detach().clone()
    assert task.train(Schedule(minutes=0), checkpoint=Checkpoint(tmp_path / "run.pt")).step == 0
    assert torch.equal(task.first.weight, before)
    assert not (tmp_path / "run.pt").exists()
    with pytest.raises(ValueError, match="steps or minutes"):
        task.train(Schedule())


def test_the_average_follows_with_its_decay() -> None:
    task = Regression()
    start = task.first.weight.detach().clone()
    seen = [start]
    trained = task.train(
        Schedule(steps=3),
        average_decay=lambda step: 0.5,
        after_step=lambda now: seen.append(task.first.weight.detach().clone()),
    )
    expected = seen[0] / 8 + seen[1] / 8 + seen[2] / 4 + seen[3] / 2
    torch.testing.assert_close(trained.average["0.weight"], expected)


def test_the_one_cycle_policy_is_that_of_torch() -> None:
    steps = 60
    parameter = nn.Parameter(torch.zeros(1))
    reference = torch.optim.AdamW([parameter], 1e-2)
    theirs = torch.optim.lr_scheduler.OneCycleLR(reference, 1e-2, total_steps=steps, pct_start=0.2)
    rate, beta1 = one_cycle(steps, 0.2, 1 / 25, 1, 1 / 25e4), one_cycle(steps, 0.2, 0.95, 0.85, 0.95)
    for step in range(steps):
        group = reference.param_groups[0]
        assert 1e-2 * rate(step, step / steps) == pytest.approx(group["lr"], rel=1e-12)
        assert beta1(step, step / steps) == pytest.approx(group["betas"][0], rel=1e-12)
        reference.step()
        theirs.step()


def test_momentum_follows_its_schedule() -> None:
    task = Regression()
    betas: list[float] = []
    task.train(
        Schedule(steps=5, beta1=lambda step, progress: 0.8 + 0.01 * step),
        after_step=lambda now: betas.append(task.optimiser.param_groups[1]["betas"][0]),
    )
    assert betas == pytest.approx([0.8, 0.81, 0.82, 0.83, 0.84])


def test_gradients_are_clipped() -> None:
    network = nn.Linear(4, 1, bias=False)
    nn.init.zeros_(network.weight)
    steep = torch.full((1, 4), 1e4)
    optimise(
        *(network, torch.optim.SGD(network.parameters(), 1.0), lambda step: network(steep).sum()),
        Schedule(steps=1, clip_norm=0.5),
        name="a plane",
    )
    assert float(network.weight.detach().norm()) == pytest.approx(0.5, rel=1e-4)


def test_other_settings_are_refused(tmp_path: Path) -> None:
    Regression().train(Schedule(steps=2), checkpoint=Checkpoint(tmp_path / "run.pt", "--seed 0"))
    with pytest.raises(ClipHeadError, match=r"--seed 0.* than now \(--seed 1\)"):
        Regression().train(Schedule(steps=2), checkpoint=Checkpoint(tmp_path / "run.pt", "--seed 1"))


@pytest.mark.parametrize("content", [b"", b"no archive", {"step": 3}, {"settings": "", "modules": {}}])
def test_a_file_that_is_no_checkpoint_is_named(tmp_path: Path, content: Any) -> None:
    path = tmp_path / "run.pt"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        torch.save(content, path)
    with pytest.raises(ClipHeadError, match="no checkpoint of a sine") as caught:
        Regression().train(Schedule(steps=2), checkpoint=Checkpoint(path))
    assert str(path) in str(caught.value)


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    class Trap:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "sprung",)

    torch.save({"settings": "", "modules": Trap()}, tmp_path / "run.pt")
    with pytest.raises(ClipHeadError, match="no checkpoint"):
        Regression().train(Schedule(steps=2), checkpoint=Checkpoint(tmp_path / "run.pt"))
    assert not (tmp_path / "sprung").exists()


def test_a_loss_that_is_not_finite_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "run.pt", every_steps=1)
    task = Regression()
    task.train(Schedule(steps=3), checkpoint=checkpoint)
    written = checkpoint.path.read_bytes()
    with pytest.raises(ClipHeadError, match="loss of a sine is nan after 4 steps"):
        optimise(
            *(task.network, task.optimiser, lambda step: task.loss(step) * math.nan, Schedule(steps=5)),
            name="a sine",
            checkpoint=checkpoint,
        )
    assert checkpoint.path.read_bytes() == written


def test_a_process_that_is_not_the_main_one_writes_nothing(tmp_path: Path) -> None:
    calls: list[Trained] = []
    task = Regression()
    checkpoint = Checkpoint(tmp_path / "run.pt", every_steps=1)
    trained = task.train(
        Schedule(steps=3), checkpoint=checkpoint, main_process=False, after_step=calls.append, after_save=calls.append
    )
    assert (trained.step, calls, list(tmp_path.iterdir())) == (3, [], [])


def test_weights_from_elsewhere_are_gone_on_from(tmp_path: Path) -> None:
    source, target = Regression(), Regression()
    with torch.no_grad():
        source.first.weight.fill_(0.25)
    checkpoint = Checkpoint(tmp_path / "run.pt")
    average = {key: 2 * t for key, t in source.network.state_dict().items()}
    write_checkpoint(checkpoint, 1, source.network, source.optimiser, average, source.generator)
    trained = target.train(Schedule(minutes=0), checkpoint=checkpoint, average_decay=lambda step: 0.5)
    assert trained.step == 1
    assert torch.equal(target.first.weight, source.first.weight)
    assert torch.equal(trained.average["0.weight"], 2 * source.first.weight)


def test_something_is_done_every_few_minutes(clock: Clock) -> None:
    done: list[float] = []
    act_when_due = every(2, lambda trained: done.append(clock.now))
    trained = Trained(1, torch.tensor(0.5))
    for _ in range(50):
        clock.now += 10
        act_when_due(trained)
    assert done == [230.0, 360.0, 490.0]
