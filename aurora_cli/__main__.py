"""``python -m aurora_cli``."""

from aurora_cli.app import main

main()
