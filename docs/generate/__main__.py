"""Write the generated pages, or with ``--check`` name those that are out of date."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from docs.generate import api, breaker, checks, cli, json_fields, metrics, rules, settings

SITE: Final = Path(__file__).parents[1]
COMMAND: Final = "python -m docs.generate"
PAGES: Final[dict[str, Callable[[], str]]] = {
    "reference/settings.md": settings.page,
    "reference/rules.md": rules.page,
    "reference/checks.md": checks.page,
    "reference/metrics.md": metrics.page,
    "reference/cli.md": cli.page,
    "reference/json.md": json_fields.page,
    "reference/api.md": api.page,
    "explanation/breaker-states.md": breaker.page,
    "explanation/breaker-states.svg": breaker.diagram,
}


def main(arguments: list[str]) -> int:
    """Generate all pages; return 1 if ``--check`` is given and a committed page differs."""
    outdated = []
    for name, generate in PAGES.items():
        path, text = SITE / name, generate()
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            outdated.append(name)
    if outdated:
        print(f"out of date: {', '.join(outdated)}; run `{COMMAND}`", file=sys.stderr)
    return int(bool(outdated))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
