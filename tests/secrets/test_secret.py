"""A secret prints nowhere."""

import json
import pickle
import traceback
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.config import Settings
from aurora_core.secrets import Secret

TEXT = "sk-proj-Zb6Hy3Nf9Ue5Ga1Cj7WoQx8M"


@dataclass
class Holder:
    secret: Secret


@pytest.mark.parametrize(
    "printed",
    [
        str(Secret(TEXT)),
        repr(Secret(TEXT)),
        f"{Secret(TEXT)}",
        f"{Secret(TEXT):>60}",
        "%s %r" % (Secret(TEXT), Secret(TEXT)),  # noqa: UP031 - loggers format so
        str([Secret(TEXT)]),
        str(Holder(Secret(TEXT))),
        repr(Settings.model_validate({"llm": {"openai_api_key": TEXT}})),
        Settings.model_validate({"llm": {"openai_api_key": TEXT}}).llm.model_dump().__repr__(),
    ],
)
def test_it_shows_at_most_its_last_four_characters(printed):
    assert "****Qx8M" in printed
    assert "WoQx8M" not in printed


def test_of_a_short_one_nothing_is_shown():
    assert str(Secret("hunter2")) == "****"


def test_it_is_in_no_traceback():
    error = ValueError(Secret(TEXT))
    assert "WoQx8M" not in "".join(traceback.format_exception(error))


def test_it_is_no_json_by_accident():
    with pytest.raises(TypeError):
        json.dumps({"key": Secret(TEXT)})


@given(st.text(), st.text())
def test_it_is_what_it_was_made_of_and_compares_so(one, other):
    assert Secret(one).reveal() == one
    assert (Secret(one) == Secret(other)) == (one == other)
    assert hash(Secret(one)) == hash(Secret(one))
    assert bool(Secret(one)) == bool(one)
    assert Secret(one) != one
    assert pickle.loads(pickle.dumps(Secret(one))) == Secret(one)
