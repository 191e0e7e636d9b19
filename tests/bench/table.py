"""The table of a run, and its verdict: each bar met, missed, or not to be said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations

from tests.bench.slices import LEAST_CLEAN, Subject, clean_rounds

AGREE_WITHIN = 0.10  # the same thing measured three times


@dataclass(frozen=True)
class Bar:
    """A promise about one subject: its `figure` is at most `limit`."""

    subject: Subject
    words: str
    limit: float
    figure: Callable[[], float]

    @property
    def verdict(self) -> str:
        figure = self.figure()
        return f"{figure:.1f}, {'met' if figure <= self.limit else 'MISSED'} ({self.words})"


def ratio(subject: Subject, words: str, limit: float, *anchors: Subject) -> Bar:
    """How often longer it may take than these."""
    return Bar(subject, words, limit, lambda: subject.times(*anchors))


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
        compared = [(one, *self.empty) for one in self.subjects]
        if any(
            len(clean_rounds(*together)) < LEAST_CLEAN
            for together in (*compared, *combinations(self.subjects, 2))
        ):
            return f"inconclusive: fewer than {LEAST_CLEAN} clean rounds, the machine was in use"
        if self.apart > AGREE_WITHIN:
            return "void: three times the same view differs by more than 10 %"
        return ""

    @property
    def is_met(self) -> bool:
        return not self.doubt and all(bar.figure() <= bar.limit for bar in self.bars)

    def lines(self) -> list[str]:
        heads = ("", "p50 ms", "p99 ms", "x empty", "requests", "clean")
        lines = ["{:24}{:>9}{:>9}{:>10}{:>10}{:>8}".format(*heads)]
        lines += [self._line(subject) for subject in (*self.empty, *self.subjects)]
        lines += ["", f"three times the empty view: {self.apart:.1%} apart"]
        for bar in self.bars:
            verdict = self.doubt.partition(":")[0] or bar.verdict
            lines.append(f"{bar.subject.name}: {verdict}")
        return lines + ([self.doubt] if self.doubt else [])

    def _line(self, subject: Subject) -> str:
        clean = f"{len(subject.clean)}/{len(subject.slices)}"
        times = subject.times(*self.empty)
        return (
            f"{subject.name:24}{subject.p50 * 1000:9.2f}{subject.p99 * 1000:9.2f}"
            f"{times:10.1f}{subject.requests:10}{clean:>8}"
        )
