"""The output shown in console blocks, from running their commands in a copy of the examples."""

import re
import shlex
import shutil
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from docs.generate.command import output_of

ROOT: Final = Path(__file__).parents[2]


def main() -> None:
    """Rewrite the output that README and the pages of the site show."""
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        text = page.read_text(encoding="utf-8")
        page.write_text(re.sub(r"(?<=```console\n).*?(?=```)", _run, text, flags=re.DOTALL), encoding="utf-8")


def _run(block: re.Match[str]) -> str:
    """Return a block with the output of each command that shows some; others run only for what they write."""
    lines = []
    with TemporaryDirectory() as folder:
        shutil.copytree(ROOT / "examples", Path(folder, "examples"))
        shutil.copy(ROOT / "README.md", folder)
        with chdir(folder):
            for part in re.split(r"^\$ ", block[0], flags=re.MULTILINE)[1:]:
                command, _, shown = part.partition("\n")
                output = output_of(*shlex.split(command)[1:], good=(0, 1, 3))
                lines.append(f"$ {command}\n{output if shown else ''}")
    return "".join(lines)


if __name__ == "__main__":
    main()
