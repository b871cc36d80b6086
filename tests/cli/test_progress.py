"""What is said while something takes long."""

import io

import pytest

from aurora_cli.progress import Progress
from aurora_core.manual_clock import ManualClock


class Screen(io.StringIO):
    def __init__(self, *, terminal):
        super().__init__()
        self._terminal = terminal

    def isatty(self):
        return self._terminal


@pytest.fixture
def stderr(monkeypatch):
    def become(*, terminal):
        screen = Screen(terminal=terminal)
        monkeypatch.setattr("sys.stderr", screen)
        return screen

    return become


def test_after_a_second_it_says_what_is_being_done_and_how_far_it_is(stderr):
    screen, clock = stderr(terminal=True), ManualClock()
    with Progress(clock) as progress:
        progress.begin("replaying")
        clock.advance(0.9)
        progress.step(10, 2_000)
        assert screen.getvalue() == ""
        clock.advance(0.2)
        progress.step(500, 2_000)
        assert screen.getvalue().endswith("replaying: 25 % of 2,000")
    assert screen.getvalue().endswith("\r\x1b[2K")


def test_what_is_known_to_take_long_is_announced_at_once(stderr):
    screen = stderr(terminal=True)
    with Progress(ManualClock()) as progress:
        progress.begin("compiling the kernel", at_once=True)
        assert screen.getvalue().endswith("compiling the kernel ...")


def test_what_is_longer_than_a_line_is_cut(stderr, monkeypatch):
    monkeypatch.setenv("COLUMNS", "40")
    screen, clock = stderr(terminal=True), ManualClock()
    with Progress(clock) as progress:
        progress.begin("looking", at_once=True)
        progress.say("0 of 20: " + ", ".join(["config.api-keys"] * 9))
        shown = screen.getvalue().rpartition("\r\x1b[2K")[2]
    assert len(shown) == 39
    assert shown == "looking: 0 of 20: config.api-keys, c..."


def test_in_a_pipe_it_says_nothing(stderr):
    screen = stderr(terminal=False)
    with Progress(ManualClock()) as progress:
        progress.begin("reading", at_once=True)
        progress.step(1, 2)
    assert screen.getvalue() == ""


def test_an_interrupt_wipes_the_line_too(stderr):
    def interrupted(progress):
        progress.begin("reading", at_once=True)
        raise KeyboardInterrupt

    screen = stderr(terminal=True)
    with pytest.raises(KeyboardInterrupt), Progress(ManualClock()) as progress:
        interrupted(progress)
    assert screen.getvalue().endswith("\r\x1b[2K")
