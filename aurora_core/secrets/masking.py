"""Masking of secrets in text that will be printed, logged or stored."""

import json
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import quote, quote_plus

from aurora_core.providers import PROVIDERS
from aurora_core.secrets.secret import mask_text

_KEY_CHARACTER: Final = r"[A-Za-z0-9_\-+/=]"
_OF_PROVIDERS: Final = "|".join(re.escape(each.key_prefix) for each in PROVIDERS if each.key_prefix)
_OF_OTHERS: Final = r"(?:sk|pk|rk|xox[abeoprs]|gh[oprsu]|github_pat|glpat|hvs|AKIA|ASIA|AIza|SG|eyJ)"
_PREFIXES: Final = rf"(?:{_OF_PROVIDERS}|{_OF_OTHERS}[-_.A-Za-z0-9])"
_KNOWN: Final = re.compile(rf"(?<![A-Za-z0-9]){_PREFIXES}{_KEY_CHARACTER}{{8,}}(?:\.{_KEY_CHARACTER}+)*")
_IN_AN_ADDRESS: Final = re.compile(r"(?<=:/)(/?)[^\s/@\"':]{0,256}+:[^\s@\"']{1,2048}+(?=@)")
"""Possessive and bounded: otherwise a crafted text could keep a logger busy for minutes."""
_WEBHOOK: Final = re.compile(r"(?<=hooks\.slack\.com/)[^\s\"'?#]+")
_LONG: Final = re.compile(rf"(?<!{_KEY_CHARACTER}){_KEY_CHARACTER}{{24,}}")
_MIN_KEY_LENGTH: Final = 11
"""The shortest text that the patterns for keys and webhooks match."""
_MIN_SECRET_LENGTH: Final = 4
"""Shorter secrets are not searched for: masking them would hide half of any text."""


class Masker:
    """Masks known secrets, and text that has the shape of a secret."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        spellings = {each for text in secrets if len(text) >= _MIN_SECRET_LENGTH for each in _spellings(text)}
        known = sorted(spellings, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def mask(self, text: str) -> str:
        """Replace each secret in the text by ``****`` and at most its last four characters."""
        if self._known is not None:
            text = self._known.sub(_mask_match, text)
        if "@" in text:
            text = _IN_AN_ADDRESS.sub(r"\1****", text)
        if len(text) < _MIN_KEY_LENGTH:  # most fields of a log are this short
            return text
        text = _WEBHOOK.sub(_mask_match, text)
        text = _KNOWN.sub(_mask_match, text)
        return _LONG.sub(lambda found: _mask_match(found) if _is_mixed(found[0]) else found[0], text)


def contains_secret(text: str) -> bool:
    """Whether the text contains a key, a token or a URL with a password, judged by shape."""
    return Masker().mask(text) != text


def _spellings(secret: str) -> set[str]:
    """The secret as it is, quoted for a URL, and escaped as in Python source and JSON."""
    return {
        secret,
        quote(secret, safe="", errors="replace"),
        quote_plus(secret, errors="replace"),
        repr(secret)[1:-1],
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }


def _mask_match(found: re.Match[str]) -> str:
    return mask_text(found[0])


def _is_mixed(word: str) -> bool:
    """Whether a part of a long word mixes letters and digits, as a token does but a name or date does not."""
    return any(
        len(run) >= 20 and sum(map(str.isdigit, run)) >= 4 and sum(map(str.isalpha, run)) >= 4  # noqa: PLR2004
        for run in re.split(r"[-_/=+]", word)
    )
