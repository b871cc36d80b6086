"""The options of all commands, each declared once.

An option whose help ends in ``[section.key]`` overrides that setting; ``--help`` adds the setting's variable and
its default, and :func:`~aurora_cli.commands.options.shared.given_settings` collects the values that were given.
"""
