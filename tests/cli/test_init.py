"""The configuration to begin with."""

import re
from pathlib import Path

from aurora_core.config.settings import SETTINGS, Settings


def test_it_passes_and_changes_nothing(aurora):
    exit_code, out, err = aurora("init")
    assert (exit_code, out) == (0, "")
    assert "next: aurora check-config aurora.toml" in err
    exit_code, out, _ = aurora("check-config", "--strict")
    assert exit_code == 0, out
    assert Settings.load("aurora.toml", environ={}) == Settings()


def test_it_has_every_setting_with_its_meaning_and_its_variable(aurora):
    text = aurora("init", "-")[1]
    for setting in SETTINGS:
        assert setting.field.description in text
        assert not setting.variables or f"({', '.join(setting.variables)})" in text


def test_each_line_behind_a_sign_can_be_taken_as_it_stands(aurora):
    text = aurora("init", "-")[1]
    everything = re.sub(r"^# (?=[\w]+ = |\[)", "", text, flags=re.MULTILINE)
    Path("all.toml").write_text(everything)
    found = aurora("check-config", "all.toml", "--select", "AUR0", "--format", "concise")
    assert found[0] == 0, found[1]
    assert all(f"\n{setting.path[-1]} = " in everything for setting in SETTINGS if setting.rows is None)


def test_a_file_that_is_there_is_written_over_only_by_force(aurora):
    Path("aurora.toml").write_text("mine")
    exit_code, _, err = aurora("init")
    assert exit_code == 2
    assert "--force" in err
    assert Path("aurora.toml").read_text() == "mine"
    assert aurora("init", "--force")[0] == 0
    assert Path("aurora.toml").read_text() != "mine"
