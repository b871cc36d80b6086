"""A channel type is one file: the registry, the settings and the checks learn of it from its ``SPEC``."""

import subprocess
import sys
from pathlib import Path

import pytest

from aurora_core.alerting.channels.base import UNSET, ChannelConfig, DeliveryError
from aurora_core.alerting.channels.registry import CHANNELS, build_channel, find_url_error
from aurora_core.secrets import Secret

ROOT = Path(__file__).parents[2]

PIGEON = """
from aurora_core.alerting.channels.base import ChannelSpec


def parse(url):
    if not url.reveal().startswith("pigeon://"):
        raise ValueError("invalid url: expected pigeon://")


class PigeonChannel:
    def payload(self, notification):
        return f"coo {notification.headline}"

    def send(self, notification):
        return "flown"


SPEC = ChannelSpec(
    type="pigeon",
    description="a message on a leg",
    build=lambda config: PigeonChannel(),
    required=("url", "key"),
    validate_url=parse,
    default_ports={"pigeon": 1149},
)
"""

RUN = """
import sys
from aurora_core.alerting import channels
channels.__path__.append(sys.argv[1])
from aurora_cli.app import run
sys.exit(run(sys.argv[2:]))
"""


@pytest.fixture
def run_with_pigeon(tmp_path, monkeypatch):
    """``run_with_pigeon(configuration, ..)``: the command with one more file in the folder of channels."""
    (tmp_path / "channels").mkdir()
    (tmp_path / "channels" / "pigeon.py").write_text(PIGEON)
    monkeypatch.chdir(tmp_path)

    def run(configuration, *arguments):
        (tmp_path / "aurora.toml").write_text(f"[alerts.channels.roof]\n{configuration}\n")
        command = [sys.executable, "-c", RUN, str(tmp_path / "channels"), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_one_file_adds_a_channel_that_sends(run_with_pigeon):
    settings = 'type = "pigeon"\nurl = "pigeon://loft"\nkey = "seed"'
    assert run_with_pigeon(settings, "alerts", "test", "--route", "roof") == (0, "roof: flown\n")
    exit_code, out = run_with_pigeon(settings, "alerts", "test", "--route", "roof", "--dry-run")
    assert (exit_code, "coo TEST info" in out) == (0, True)


def test_one_file_adds_the_required_settings_and_the_url_of_a_channel(run_with_pigeon):
    _, out = run_with_pigeon('type = "pigeon"\nurl = "dove://loft"', "check-config")
    assert "channel `roof` of type pigeon has no `key`" in out
    assert "invalid url: expected pigeon://" in out


def test_one_file_adds_the_name_of_a_type_to_settings_and_help(run_with_pigeon):
    _, out = run_with_pigeon('type = "pidgeon"', "check-config")
    assert "'pigeon'" in out
    _, out = run_with_pigeon("", "check-config", "--config-schema")
    assert "pagerduty, pigeon, slack" in out


def test_one_file_adds_the_port_that_probes_use(run_with_pigeon):
    code = (
        "import sys\nfrom aurora_core.alerting import channels\nchannels.__path__.append('channels')\n"
        "from aurora_cli.check_config.network import list_targets\n"
        "from aurora_core.config import Settings\nfrom types import SimpleNamespace\n"
        "print(list_targets(SimpleNamespace(settings=Settings.load('aurora.toml')))[-1].port)"
    )
    run_with_pigeon('type = "pigeon"\nurl = "pigeon://loft"', "--version")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1149\n"


def test_no_two_channels_have_one_type():
    folder = ROOT / "aurora_core" / "alerting" / "channels"
    specs = [path for path in folder.glob("*.py") if "\nSPEC" in path.read_text()]
    assert len(specs) == len(CHANNELS)


@pytest.mark.parametrize("channel_type", CHANNELS)
def test_channel_without_a_required_setting_says_which(channel_type):
    spec = CHANNELS[channel_type]
    channel = build_channel(channel_type, ChannelConfig(UNSET, UNSET, 1.0, "host"))
    for setting in spec.required[:1]:
        with pytest.raises(DeliveryError, match=f"missing {setting}"):
            channel.payload(None)


def test_url_error_does_not_show_the_url():
    assert find_url_error("slack", Secret("https://hooks.example.com/x")) is None
    assert find_url_error("slack", Secret("ftp://token")) == "invalid url: expected http:// or https://"
    assert "token" not in find_url_error("smtp", Secret("smtp://token"))


def test_loading_settings_and_validating_urls_loads_no_client():
    code = (
        "from aurora_core.config import Settings\n"
        "from aurora_core.alerting.channels.registry import CHANNELS, find_url_error\n"
        "from aurora_core.secrets import Secret\n"
        "[find_url_error(each, Secret('https://example.com')) for each in CHANNELS]\n"
        "import sys\n"
        "print(*sorted({'http.client', 'smtplib', 'urllib.request', 'apprise', 'ssl'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_documentation_lists_every_channel():
    page = (ROOT / "docs" / "alerts.md").read_text()
    for spec in CHANNELS.values():
        assert f"| `{spec.type}` | {spec.description} |" in page
