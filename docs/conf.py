"""Sphinx: `make docs` builds docs/_build with warnings as errors, from these pages alone."""

project = "Cairn"
author = "The Cairn contributors"
copyright = "The Cairn contributors"  # noqa: A001 - Sphinx's own name for it
extensions = ["myst_parser", "sphinx_copybutton"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = True
exclude_patterns = ["_build", "generate.py", "reference/generated"]
copybutton_prompt_text = "$ "
copybutton_only_copy_prompt_lines = True
html_theme = "furo"
html_title = "Cairn"
html_theme_options = {"footer_icons": []}
