"""Each sentence on the circuit breaker."""

import asyncio
import threading

import pytest
from resilience_doubles import Flaky, ProviderError, assert_flat, forever

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded
from aurora_core.resilience.breaker import CircuitBreaker
from aurora_core.resilience.limiter import RateLimiter

FAILURE = ProviderError(503)


@pytest.fixture
def breaker(clock):
    return CircuitBreaker(failure_threshold=3, timeout=60, clock=clock)


def fail(breaker, times=1, error=FAILURE):
    for _ in range(times):
        with pytest.raises(type(error)):
            breaker.call(forever(error))


def opened(breaker):
    fail(breaker, 3)
    assert breaker.state == "OPEN"
    return breaker


def test_it_opens_after_so_many_consecutive_failures(breaker):
    fail(breaker, 2)
    assert (breaker.state, breaker.failure_count) == ("CLOSED", 2)
    fail(breaker)
    assert (breaker.state, breaker.failure_count) == ("OPEN", 3)


def test_a_success_in_between_starts_the_count_again(breaker):
    fail(breaker, 2)
    breaker.call(Flaky())
    fail(breaker, 2)
    assert breaker.state == "CLOSED"


def test_the_error_of_the_tripping_call_goes_up_as_it_is(breaker):
    fail(breaker, 2)
    with pytest.raises(ProviderError) as raised:
        breaker.call(forever(FAILURE))
    assert raised.value is FAILURE


def test_while_open_it_refuses_and_says_when_to_come_back(breaker, clock):
    opened(breaker)
    clock.advance(20)
    func = Flaky()
    with pytest.raises(CircuitBreakerOpen) as refusal:
        breaker.call(func)
    assert refusal.value.retry_after == 40
    assert func.calls == 0


def test_after_the_timeout_a_probe_that_succeeds_closes_it(breaker, clock):
    opened(breaker)
    clock.advance(60)
    assert breaker.call(lambda: breaker.state) == "HALF_OPEN"
    assert (breaker.state, breaker.failure_count) == ("CLOSED", 0)


def test_a_probe_that_fails_opens_it_again_for_the_whole_timeout(breaker, clock):
    opened(breaker)
    clock.advance(60)
    fail(breaker)
    assert breaker.state == "OPEN"
    clock.advance(59)
    with pytest.raises(CircuitBreakerOpen):
        breaker.admit()
    clock.advance(1)
    breaker.admit()


def test_fifty_threads_meet_a_half_open_breaker_and_exactly_one_passes(breaker, clock):
    opened(breaker)
    clock.advance(60)
    barrier, passed, refused = threading.Barrier(50), [], []
    done = threading.Event()

    def probe():
        passed.append(1)
        done.wait(10)

    def work():
        barrier.wait()
        try:
            breaker.call(probe)
        except CircuitBreakerOpen:
            refused.append(1)
            if len(refused) == 49:
                done.set()

    threads = [threading.Thread(target=work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(passed), len(refused)) == (1, 49)
    assert breaker.state == "CLOSED"


def test_a_late_result_of_an_older_generation_changes_nothing(breaker, clock):
    late = [breaker.admit() for _ in range(4)]
    opened(breaker)
    breaker.report(late[0])
    breaker.report(late[1], FAILURE)
    assert (breaker.state, breaker.failure_count) == ("OPEN", 3)
    clock.advance(60)
    probe = breaker.admit()
    breaker.report(late[2])
    breaker.report(late[3], FAILURE)
    assert breaker.state == "HALF_OPEN"
    breaker.report(probe)
    assert breaker.state == "CLOSED"


@pytest.mark.parametrize(
    "neutral",
    [
        ProviderError(429),
        ProviderError(404),
        RateLimitExceeded(1),
        KeyboardInterrupt(),
        asyncio.CancelledError(),
    ],
)
def test_what_is_neutral_neither_counts_nor_resets_and_gives_the_probes_place_back(breaker, clock, neutral):
    fail(breaker, 2)
    fail(breaker, 1, neutral)
    assert (breaker.state, breaker.failure_count) == ("CLOSED", 2)
    fail(breaker)
    clock.advance(60)
    fail(breaker, 1, neutral)
    assert breaker.state == "HALF_OPEN"
    assert breaker.call(Flaky()) == "answer"
    assert breaker.state == "CLOSED"


def test_a_cancelled_probe_frees_its_place(breaker, clock):
    opened(breaker)
    clock.advance(60)

    async def scene():
        never = asyncio.Event()
        probe = asyncio.create_task(breaker.call_async(never.wait))
        await asyncio.sleep(0)
        with pytest.raises(CircuitBreakerOpen):
            await breaker.call_async(asyncio.sleep, 0)
        probe.cancel()
        with pytest.raises(asyncio.CancelledError):
            await probe
        await breaker.call_async(asyncio.sleep, 0)

    asyncio.run(scene())
    assert breaker.state == "CLOSED"


def test_a_probe_that_never_reports_frees_its_place_after_the_timeout(breaker, clock):
    opened(breaker)
    clock.advance(60)
    lost = breaker.admit()
    clock.advance(59)
    with pytest.raises(CircuitBreakerOpen):
        breaker.admit()
    clock.advance(1)
    probe = breaker.admit()
    breaker.report(lost, FAILURE)
    assert breaker.state == "HALF_OPEN"
    breaker.report(probe)
    assert breaker.state == "CLOSED"


def test_calls_through_one_breaker_and_one_limiter_run_in_parallel(breaker, clock):
    limiter = RateLimiter(60, clock=clock)
    inside = threading.Barrier(5, timeout=10)

    def call():
        limiter.wait_if_needed()
        return inside.wait()

    results = []
    threads = [threading.Thread(target=lambda: results.append(breaker.call(call))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 1, 2, 3, 4]


def test_async_def_is_awaited_and_counted_in_every_form(breaker):
    async def ask():
        raise FAILURE

    forms = [lambda: breaker.call_async(ask), lambda: breaker.call(ask), breaker(ask)]
    for number, form in enumerate(forms, start=1):
        with pytest.raises(ProviderError):
            asyncio.run(form())
        assert breaker.failure_count == number
    assert breaker.state == "OPEN"


def test_an_error_before_the_first_await_counts_too(breaker):
    with pytest.raises(ProviderError):
        asyncio.run(breaker.call_async(forever(FAILURE)))
    assert breaker.failure_count == 1


def test_the_with_forms_report_how_the_block_ended(breaker):
    with pytest.raises(ProviderError), breaker:
        raise FAILURE
    assert breaker.failure_count == 1

    async def task():
        async with breaker:
            raise FAILURE

    with pytest.raises(ProviderError):
        asyncio.run(task())
    assert breaker.failure_count == 2
    with breaker:
        pass
    assert breaker.failure_count == 0


def test_blocks_inside_blocks_and_in_other_tasks_keep_their_own_generation(breaker, clock):
    async def block(hold, error):
        with breaker:
            await hold.wait()
            if error:
                raise FAILURE

    async def scene():
        first, second = asyncio.Event(), asyncio.Event()
        old = asyncio.create_task(block(first, error=True))
        await asyncio.sleep(0)
        fail(breaker, 3)
        clock.advance(60)
        probe = asyncio.create_task(block(second, error=False))
        await asyncio.sleep(0)
        first.set()
        with pytest.raises(ProviderError):
            await old
        assert breaker.state == "HALF_OPEN"
        second.set()
        await probe

    asyncio.run(scene())
    assert breaker.state == "CLOSED"
    with breaker, breaker:
        pass


def test_a_block_inside_a_block_reports_its_own_generation(breaker, clock):
    with breaker:
        opened(breaker)
        clock.advance(60)
        with breaker:
            assert breaker.state == "HALF_OPEN"
        assert breaker.state == "CLOSED"


def test_the_decorator_guards_a_plain_function(breaker):
    @breaker
    def ask():
        """Ask."""
        raise FAILURE

    for _ in range(3):
        with pytest.raises(ProviderError):
            ask()
    with pytest.raises(CircuitBreakerOpen):
        ask()
    assert ask.__doc__ == "Ask."


def test_by_share_it_opens_when_the_share_of_enough_calls_of_the_window_failed(clock):
    breaker = CircuitBreaker(failure_rate=0.5, minimum_calls=4, window_s=60, clock=clock)
    fail(breaker, 2)
    breaker.call(Flaky())
    assert breaker.state == "CLOSED"
    fail(breaker)
    assert breaker.state == "OPEN"


def test_by_share_calls_older_than_the_window_do_not_count(clock):
    breaker = CircuitBreaker(failure_rate=0.5, minimum_calls=2, window_s=60, clock=clock)
    fail(breaker)
    clock.advance(61)
    fail(breaker)
    assert breaker.state == "CLOSED"
    fail(breaker)
    assert breaker.state == "OPEN"


def test_by_share_closing_forgets_the_window(clock):
    breaker = CircuitBreaker(failure_rate=0.5, minimum_calls=2, timeout=1, window_s=60, clock=clock)
    fail(breaker, 2)
    clock.advance(1)
    breaker.call(Flaky())
    fail(breaker)
    assert breaker.state == "CLOSED"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("failure_threshold", 0),
        ("failure_threshold", 1.5),
        ("timeout", 0),
        ("failure_rate", 0),
        ("failure_rate", 1.1),
        ("minimum_calls", 0),
        ("window_s", -1),
    ],
)
def test_a_number_that_makes_no_sense_is_a_value_error(name, value):
    with pytest.raises(ValueError, match=name):
        CircuitBreaker(**{name: value})


def test_stepping_the_wall_clock_by_an_hour_changes_nothing(breaker, clock):
    opened(breaker)
    clock.step_wall(3600)
    with pytest.raises(CircuitBreakerOpen) as refusal:
        breaker.admit()
    assert refusal.value.retry_after == 60


def test_ten_thousand_refusals_leave_memory_and_traceback_length_flat(breaker):
    opened(breaker)
    assert_flat(lambda: breaker.call(Flaky()), CircuitBreakerOpen)
