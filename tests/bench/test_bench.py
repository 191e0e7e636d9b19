"""What a bench may conclude: only from clean slices, only when the same view looks the same."""

import itertools
import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.bench.client import Browser
from tests.bench.slices import Slice, Subject, Used, measure, one_slice
from tests.bench.table import Run, ratio

MS = 0.001


def subject(name: str, *, ms: float, slices: int = 5, others: float = 0.0) -> Subject:
    made = Subject(name, lambda: None)
    made.slices = [Slice([ms * MS] * 100, others) for _ in range(slices)]
    return made


def run(page: Subject, *, empty: tuple[float, ...] = (1.0, 1.0, 1.0), limit: float = 7) -> Run:
    views = [subject(f"empty {ms}", ms=ms) for ms in empty]
    return Run(views, [page], [ratio(page, "at most 7 x empty", limit, *views)])


def test_a_bar_is_met_or_missed() -> None:
    assert run(subject("page", ms=6.9)).is_met
    assert not run(subject("page", ms=7.1)).is_met
    assert "page: 7.1, MISSED (at most 7 x empty)" in run(subject("page", ms=7.1)).lines()


@pytest.mark.parametrize(
    ("slices", "others", "says"),
    [(4, 0.0, "inconclusive"), (9, 0.07, "inconclusive"), (5, 0.06, "")],
    ids=["too few", "not clean", "enough"],
)
def test_without_five_clean_slices_nothing_is_said(slices: int, others: float, says: str) -> None:
    found = run(subject("page", ms=1, slices=slices, others=others))

    assert found.doubt.startswith(says)
    assert found.is_met is not bool(says)
    assert ("page: inconclusive" in found.lines()) is bool(says)


@pytest.mark.parametrize(("third", "says"), [(1.09, ""), (1.11, "void")])
def test_the_same_view_must_look_the_same_three_times(third: float, says: str) -> None:
    found = run(subject("page", ms=1), empty=(1.0, 1.05, third))

    assert found.doubt[:4] == says
    assert found.is_met is not bool(says)


def test_slices_in_which_others_worked_do_not_count() -> None:
    page = subject("page", ms=2)
    page.slices += subject("page", ms=50, slices=20, others=0.5).slices

    assert page.p50 == 2 * MS
    assert page.p99 == 2 * MS


def test_a_machine_that_becomes_slower_changes_no_ratio() -> None:
    page, one, other = (subject(name, ms=1, slices=0) for name in ("page", "one", "other"))
    for speed in (1, 1, 1, 2, 2, 2, 2):
        page.slices += subject("", ms=6 * speed, slices=1).slices
        one.slices += subject("", ms=2 * speed, slices=1).slices
        other.slices += subject("", ms=2.2 * speed, slices=1).slices
    page.slices[3:5] = [Slice([99.0], 0.5)] * 2

    assert page.p50 / one.p50 == pytest.approx(1.5)  # what the medians of the run would say
    assert page.times(one) == pytest.approx(3)
    assert page.times(one, other, one) == pytest.approx(3)
    assert Run([one, other, one], [page], []).apart == pytest.approx(0.1)


def test_slices_of_two_that_are_not_clean_in_one_round_say_nothing() -> None:
    page, other = subject("page", ms=2, slices=9), subject("other", ms=1, slices=9)
    views = [subject(letter, ms=1, slices=9) for letter in "ABC"]
    page.slices[:2] = subject("", ms=2, slices=2, others=0.5).slices
    other.slices[-3:] = subject("", ms=1, slices=3, others=0.5).slices

    assert page.is_conclusive
    assert other.is_conclusive
    assert not Run(views, [page], []).doubt
    assert Run(views, [page, other], []).doubt.startswith("inconclusive")


def test_the_slowest_of_a_hundred_is_p99() -> None:
    page = subject("page", ms=1)
    page.slices = [Slice([n * MS for n in range(1, 101)], 0.0)] * 5

    assert page.p50 == pytest.approx(50.5 * MS)
    assert page.p99 == pytest.approx(100 * MS)


def test_each_subject_is_measured_in_every_round_and_prepared_before_its_slice() -> None:
    order: list[str] = []

    def made(name: str) -> Subject:
        left = itertools.cycle([MS, MS, None])
        return Subject(name, lambda: next(left), lambda: order.append(name))

    subjects = [made("a"), made("b")]
    measure(subjects, longest=30, rounds=5)

    assert [len(part.seconds) for one in subjects for part in one.slices[:5]] == [2] * 10
    assert all(sorted(order[at : at + 2]) == ["a", "b"] for at in range(0, 10, 2))


def test_the_time_to_measure_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Used, "by_others_since", lambda *_: 1.0)
    busy = Subject("busy", lambda: MS)
    monkeypatch.setattr("tests.bench.slices.SLICE_SECONDS", 0.01)
    began = time.monotonic()
    measure([busy], longest=0.2, rounds=2)

    assert time.monotonic() - began < 5
    assert not busy.is_conclusive


def test_what_others_do_is_seen_and_what_we_do_is_not() -> None:
    before = Used(all=100.0, ours=50.0)

    assert Used(101.0, 51.0).by_others_since(before, 1.0) == 0.0
    assert Used(101.0, 50.0).by_others_since(before, 1.0) > 0.0


def test_a_wrong_answer_stops_the_bench() -> None:
    def once() -> float:
        raise AssertionError("404")

    with pytest.raises(AssertionError, match="404"):
        one_slice(Subject("page", once))


class Answers(BaseHTTPRequestHandler):
    """Repeats what it was sent; sets a cookie."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"]))
        body = sent + b" " + self.headers.get("Cookie", "-").encode() + b"x" * 200_000
        self.send_response(302)
        self.send_header("Location", "/verder/")
        self.send_header("Set-Cookie", "sid=abc; Path=/")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_client_reads_whole_answers_and_keeps_cookies(port: int) -> None:
    browser = Browser(port)
    first, second = (browser.post("/", {"a": "b c"}) for _ in range(2))
    browser.close()

    assert (first.status, first.location) == (302, "/verder/")
    assert re.match(rb"a=b\+c -x+$", first.body)
    assert len(first.body) == len(b"a=b+c -") + 200_000
    assert second.body.startswith(b"a=b+c sid=abc")
    assert 0 < second.seconds < 10
