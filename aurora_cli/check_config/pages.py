"""What can be shown of settings beside what is wrong with them: sheets."""

from collections.abc import Mapping, Sequence

from aurora_cli import exits
from aurora_cli.check_config.effective import NOT_SET, layers_of, values
from aurora_cli.check_config.examine import count_settings
from aurora_cli.check_config.subject import Subject
from aurora_cli.exits import Verdict
from aurora_cli.sheets import Cell, Sheet, Table, Tone

Config = Mapping[str, str] | None


def effective(subject: Subject, name: str, config: Config) -> Sheet:
    """Every value that holds, and where it came from."""
    rows, results = [], []
    for value in values(subject):
        tone: Tone = "muted" if value.origin.kind == "default" else "plain"
        rows.append([Cell(value.key, tone), Cell(value.shown, tone), Cell(str(value.origin), "muted")])
        results.append(
            {"setting": value.key, "value": value.plain, "from": value.origin.kind, "at": str(value.origin)}
        )
    sources = count_settings(subject)
    told = ", ".join(f"{number} {kind}" for kind, number in sources.items() if number)
    return _sheet(rows, results, f"{name}: {sum(sources.values())} settings ({told})", config)


def origin(subject: Subject, key: str, config: Config) -> Sheet:
    """What each layer gives for one key, and which holds."""
    given = layers_of(subject, key)
    rows = [
        [Cell(str(where)), Cell(shown, "plain" if where is given[-1][1] else "muted")]
        for shown, where in given
    ]
    results = [{"value": shown, "from": where.kind, "at": str(where)} for shown, where in given]
    shown, where = given[-1]
    return _sheet(rows, results, f"{key} is {shown}, from {where}", config)


def difference(subjects: Sequence[Subject], names: Sequence[str], config: Config) -> Sheet:
    """The settings whose values differ between two configurations."""
    left, right = ({value.key: value for value in values(subject)} for subject in subjects)
    rows = [[Cell("", "muted"), *(Cell(name, "muted") for name in names)]]
    results = []
    for key in dict.fromkeys((*left, *right)):
        pair = [side.get(key) for side in (left, right)]
        plain = [None if value is None else value.plain for value in pair]
        if plain[0] != plain[1]:
            rows.append([Cell(key), *(Cell(NOT_SET if value is None else value.shown) for value in pair)])
            results.append({"setting": key, "values": plain})
    number = len(results)
    differ = (
        "no setting differs" if not number else f"{number} setting{'s differ' if number > 1 else ' differs'}"
    )
    return _sheet(rows if number else [], results, f"{names[0]} and {names[1]}: {differ}", config)


def _sheet(
    rows: Sequence[Sequence[Cell]], results: Sequence[Mapping[str, object]], decided: str, config: Config
) -> Sheet:
    parts = [Table("", (), rows)] if rows else []
    return Sheet("settings", {}, results, parts, Verdict.GOOD, exits.GOOD, decided, config)
