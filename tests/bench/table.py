"""The table of a run, and its verdict: each bar met, missed, or not to be said."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations

from tests.bench.slices import LEAST_CLEAN, Subject

AGREE_WITHIN = 0.10  # the same thing measured three times


@dataclass(frozen=True)
class Bar:
    """A promise about one subject: `figure` of it and of the empty view, at most `limit`."""

    subject: Subject
    words: str
    limit: float
    figure: Callable[[float], float]  # given the seconds of an empty view

    def verdict(self, empty: float) -> str:
        figure = self.figure(empty)
        return f"{figure:.1f}, {'met' if figure <= self.limit else 'MISSED'} ({self.words})"


@dataclass(frozen=True)
class Run:
    """One run: the empty view three times under other names, and what is measured beside it."""

    empty: Sequence[Subject]
    subjects: Sequence[Subject]
    bars: Sequence[Bar]

    @property
    def apart(self) -> float:
        """How much two of the three same ones differ at most, round by round."""
        return max(one.times(other) for one, other in permutations(self.empty, 2)) - 1

    @property
    def doubt(self) -> str:
        """Why nothing may be concluded; "" when it may."""
        if not all(subject.is_conclusive for subject in (*self.empty, *self.subjects)):
            return f"inconclusive: fewer than {LEAST_CLEAN} clean slices, the machine was in use"
        if self.apart > AGREE_WITHIN:
            return "void: three times the same view differs by more than 10 %"
        return ""

    @property
    def is_met(self) -> bool:
        seconds = self.empty_seconds
        return not self.doubt and all(bar.figure(seconds) <= bar.limit for bar in self.bars)

    @property
    def empty_seconds(self) -> float:
        return statistics.median(subject.p50 for subject in self.empty)

    def lines(self) -> list[str]:
        heads = ("", "p50 ms", "p99 ms", "x empty", "requests", "clean")
        lines = ["{:24}{:>9}{:>9}{:>10}{:>10}{:>8}".format(*heads)]
        lines += [self._line(subject) for subject in (*self.empty, *self.subjects)]
        lines += ["", f"three times the empty view: {self.apart:.1%} apart"]
        for bar in self.bars:
            verdict = self.doubt.partition(":")[0] or bar.verdict(self.empty_seconds)
            lines.append(f"{bar.subject.name}: {verdict}")
        return lines + ([self.doubt] if self.doubt else [])

    def _line(self, subject: Subject) -> str:
        clean = f"{len(subject.clean)}/{len(subject.slices)}"
        times = subject.p50 / self.empty_seconds
        return (
            f"{subject.name:24}{subject.p50 * 1000:9.2f}{subject.p99 * 1000:9.2f}"
            f"{times:10.1f}{subject.requests:10}{clean:>8}"
        )
