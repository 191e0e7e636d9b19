"""Slices of one second in random order, and what may be said of them.

Source: performance.md, "How to measure honestly". All subjects are up at once; a slice in which
other processes used the machine does not count; each answer is checked inside the measurement.
"""

import random
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import psutil

SLICE_SECONDS = 1.0
LEAST_CLEAN = 5
OTHERS_MAY_USE = 0.06  # of the whole machine
# Not every system counts all of these.
BUSY = ("user", "nice", "system", "irq", "softirq", "steal")


@dataclass
class Subject:
    """What is measured. `once` does it one time and returns the seconds, or None when it has
    nothing left to do in this slice; `prepare` runs before each slice and is not measured.
    """

    name: str
    once: Callable[[], float | None]
    prepare: Callable[[], None] = lambda: None
    slices: list["Slice"] = field(default_factory=list)

    @property
    def clean(self) -> list["Slice"]:
        return [part for part in self.slices if part.is_clean]

    @property
    def is_conclusive(self) -> bool:
        return len(self.clean) >= LEAST_CLEAN

    @property
    def p50(self) -> float:
        """Seconds: the median of the slices' medians. Of all slices when too few were clean."""
        shown = self.clean if self.is_conclusive else self.slices
        return statistics.median(part.p50 for part in shown)

    def times(self, *anchors: "Subject") -> float:
        """How often longer than these (the middle one of several): the median over the rounds.

        Slices of one round lie seconds apart, those of a run minutes, in which a machine that is
        shared becomes faster and slower. Of all rounds when too few were clean.
        """
        clean = clean_rounds(self, *anchors)
        shown = clean if len(clean) >= LEAST_CLEAN else rounds_of(self, *anchors)
        return statistics.median(
            own.p50 / statistics.median(other.p50 for other in others) for own, *others in shown
        )

    @property
    def p99(self) -> float:
        shown = self.clean if self.is_conclusive else self.slices
        together = sorted(second for part in shown for second in part.seconds)
        return together[min(len(together) - 1, int(len(together) * 0.99))]

    @property
    def requests(self) -> int:
        return sum(len(part.seconds) for part in self.slices)


@dataclass(frozen=True)
class Slice:
    """The seconds of each request, and the share of the machine that others used meanwhile."""

    seconds: list[float]
    others: float

    @property
    def p50(self) -> float:
        return statistics.median(self.seconds)

    @property
    def is_clean(self) -> bool:
        return self.others <= OTHERS_MAY_USE


def rounds_of(*subjects: Subject) -> list[tuple[Slice, ...]]:
    return list(zip(*(subject.slices for subject in subjects), strict=False))


def clean_rounds(*subjects: Subject) -> list[tuple[Slice, ...]]:
    """The slices of each round in which nobody else used the machine while these were measured."""
    return [parts for parts in rounds_of(*subjects) if all(part.is_clean for part in parts)]


def measure(subjects: Sequence[Subject], *, longest: float, rounds: int = 12) -> None:
    """Fills the subjects with slices: `rounds` of each, then more until each has enough clean ones
    or `longest` seconds have passed.
    """
    deadline = time.monotonic() + longest
    done = 0
    while time.monotonic() < deadline:
        if done >= rounds and all(subject.is_conclusive for subject in subjects):
            return
        for subject in random.sample(subjects, len(subjects)):
            subject.slices.append(one_slice(subject))
        done += 1


def one_slice(subject: Subject) -> Slice:
    subject.prepare()
    before, begin = Used.now(), time.perf_counter()
    seconds = []
    while time.perf_counter() - begin < SLICE_SECONDS:
        spent = subject.once()
        if spent is None:
            break
        seconds.append(spent)
    return Slice(seconds, Used.now().by_others_since(before, time.perf_counter() - begin))


@dataclass(frozen=True)
class Used:
    """Seconds of processor time until now: of the whole machine, and of ours alone."""

    all: float
    ours: float

    @classmethod
    def now(cls) -> "Used":
        machine, me = psutil.cpu_times(), psutil.Process()
        ours = 0.0
        for process in [me, *me.children(recursive=True)]:
            try:
                spent = process.cpu_times()
            except psutil.NoSuchProcess:
                continue
            ours += spent.user + spent.system
            # Of those that ended: a process that looks at one file, a worker of one query.
            ours += spent.children_user + spent.children_system
        return cls(sum(getattr(machine, kind, 0.0) for kind in BUSY), ours)

    def by_others_since(self, before: "Used", seconds: float) -> float:
        """The share of the machine that others used."""
        others = (self.all - before.all) - (self.ours - before.ours)
        return max(0.0, others / (seconds * (psutil.cpu_count() or 1)))
