"""Sphinx configuration: build with ``sphinx-build -W docs build/site``; nothing is fetched while it runs."""

from aurora_core import __version__

project = "AURORA"
author = "The AURORA authors"
copyright = "The AURORA authors"  # noqa: A001 - Sphinx reads this name
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc"]
exclude_patterns = ["generate"]
html_theme = "furo"
html_title = f"AURORA {release}"
html_show_sphinx = False

# Headings can be linked to from other pages.
myst_heading_anchors = 3

# Docstrings stay short: types are read from the signatures, and values from the objects.
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
