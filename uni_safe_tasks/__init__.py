"""What the harness sees: 42 leaves and their templates, the data, hooks, and the plug-in.

What belongs here: `tasks/` (YAML), `data/` (scenarios and media), `docs` and `hooks` (the functions
the YAML names), `plugin` (discovery), `control` (the control model), `media/` (the renderer).
"""

__distribution__ = "uni-safebench"
