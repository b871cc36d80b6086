"""Each setting answers to ``AURORA_<SECTION>_<KEY>``; the guide's names win over it."""

import pytest

from aurora_core.config.layered import merge_layers
from aurora_core.config.settings import SETTINGS, Settings, read_layers

TWO_NAMES = [setting for setting in SETTINGS if len(setting.variables) == 2]


def total(environ, env_file=None):
    return merge_layers(Settings, SETTINGS, read_layers(None, env_file, environ), environ)


def test_every_setting_answers_to_its_section_and_key():
    for setting in SETTINGS:
        if setting.rows is None:
            assert setting.variables[-1] == "_".join(("AURORA", *setting.path)).upper()
    assert [setting.key for setting in TWO_NAMES] == [
        "llm.model",
        "llm.max_tokens",
        "llm.openai_api_key",
        "llm.anthropic_api_key",
        "retry.max_retries",
        "security.scan",
        "security.max_query_length",
        "logging.level",
    ]


@pytest.mark.parametrize("setting", TWO_NAMES, ids=lambda setting: setting.key)
def test_both_names_of_a_setting_are_read(setting):
    text = {"retry.max_retries": "7", "security.scan": "off", "logging.level": "DEBUG"}.get(setting.key, "77")
    for variable in setting.variables:
        found = total({variable: text})
        assert not found.problems
        assert found.origin(setting.path).name == variable
        assert not found.layers[-1].unknown


def test_the_guides_name_wins_and_the_other_is_kept_as_a_layer():
    found = total({"OPENAI_MODEL": "gpt-4", "AURORA_LLM_MODEL": "claude"})
    assert found.settings.llm.model == "gpt-4"
    assert [(layer.kind, value) for layer, value in found.given(("llm", "model"))] == [
        ("environment", "claude"),
        ("environment", "gpt-4"),
    ]


def test_an_empty_name_leaves_the_setting_to_the_other():
    found = total({"OPENAI_MODEL": "", "AURORA_LLM_MODEL": "claude"})
    assert found.settings.llm.model == "claude"
    assert [origin.name for origin in found.layers[-1].empty] == ["OPENAI_MODEL"]


def test_the_environment_wins_over_a_file_of_variables_whatever_the_name(tmp_path):
    env_file = tmp_path / "service.env"
    env_file.write_text("OPENAI_MODEL=gpt-4\n")
    assert total({"AURORA_LLM_MODEL": "claude"}, env_file).settings.llm.model == "claude"
