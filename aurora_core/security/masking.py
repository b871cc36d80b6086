"""Finding what must not be printed in text that will be."""

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

from aurora_core.providers import PROVIDERS
from aurora_core.security.secret import masked

_LETTER: Final = r"[A-Za-z0-9_\-+/=]"
_OF_PROVIDERS: Final = "|".join(re.escape(each.key_prefix) for each in PROVIDERS if each.key_prefix)
_OF_OTHERS: Final = r"(?:sk|pk|rk|xox[abeoprs]|gh[oprsu]|github_pat|glpat|hvs|AKIA|ASIA|AIza|SG|eyJ)"
_PREFIXES: Final = rf"(?:{_OF_PROVIDERS}|{_OF_OTHERS}[-_.A-Za-z0-9])"
_KNOWN: Final = re.compile(rf"(?<![A-Za-z0-9]){_PREFIXES}{_LETTER}{{8,}}(?:\.{_LETTER}+)*")
_IN_AN_ADDRESS: Final = re.compile(r"(?<=:/)(/?)[^\s/@\"':]{0,256}+:[^\s@\"']{1,2048}+(?=@)")
"""Each part is taken whole, and is no longer than that: else a text could keep a logger busy for minutes."""
_WEBHOOK: Final = re.compile(r"(?<=hooks\.slack\.com/)[^\s\"'?#]+")
_LONG: Final = re.compile(rf"(?<!{_LETTER}){_LETTER}{{24,}}")
_SHORTEST_KEY: Final = 11
"""The fewest letters of what the patterns for keys and webhooks find."""
_SHORTEST: Final = 4
"""Shorter secrets are not looked for in other text: they would blot out half of it."""


class Masker:
    """Masks the secrets that are known, and whatever looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        forms = {form for text in secrets if len(text) >= _SHORTEST for form in _forms(text)}
        known = sorted(forms, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def mask(self, text: str) -> str:
        """The text without its secrets; each is replaced by ``****`` and at most its last four characters."""
        if self._known is not None:
            text = self._known.sub(_blot, text)
        if "@" in text:
            text = _IN_AN_ADDRESS.sub(r"\1****", text)
        if len(text) < _SHORTEST_KEY:  # as most of a log's fields are
            return text
        text = _WEBHOOK.sub(_blot, text)
        text = _KNOWN.sub(_blot, text)
        return _LONG.sub(lambda found: _blot(found) if _is_mixed(found[0]) else found[0], text)


def looks_secret(text: str) -> bool:
    """Whether the text holds something of a key's shape, or an address with a password."""
    return Masker().mask(text) != text


def _forms(secret: str) -> set[str]:
    """As it is, and as it stands in an address, in a text of Python's and in JSON."""
    return {
        secret,
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }


def _blot(found: re.Match[str]) -> str:
    return masked(found[0])


def _is_mixed(word: str) -> bool:
    """Whether a part of a long word mixes letters and digits: a token does, a name or a date does not."""
    return any(
        len(run) >= 20 and sum(map(str.isdigit, run)) >= 4 and sum(map(str.isalpha, run)) >= 4  # noqa: PLR2004
        for run in re.split(r"[-_/=+]", word)
    )
