"""The options of all commands, each declared once.

An option whose help ends in ``[section.key]`` overrides that setting. ``--help`` adds the variable
and the default, and ``given_settings`` collects the values that were given.
"""
