"""What stands in for a provider, and what several tests assert."""

import gc
import tracemalloc


class ProviderError(Exception):
    """An error as an SDK raises it."""

    def __init__(self, status_code=None, retry_after=None, headers=None, code=None):
        super().__init__(status_code)
        if status_code is not None:
            self.status_code = status_code
        if retry_after is not None:
            self.retry_after = retry_after
        if headers is not None:
            self.response = type("Response", (), {"headers": headers})()
        if code is not None:
            self.code = code


class Flaky:
    """A function that raises the errors it is given, one a call, and then answers; counts its calls."""

    def __init__(self, *errors, answer="answer"):
        self.errors, self.answer, self.calls = list(errors), answer, 0

    def __call__(self):
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.answer


def forever(error):
    """A function that always raises the same error."""

    def fail():
        raise error

    return fail


def assert_flat(refused, error_type, times=10_000):
    """Refused ten thousand times, a call leaves memory and the length of its traceback as they were."""

    def length(count):
        for _ in range(count):
            try:
                refused()
            except error_type as error:
                last, frame = 0, error.__traceback__
        while frame is not None:
            last, frame = last + 1, frame.tb_next
        return last

    short = length(100)
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    assert length(times) == short
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 20_000
