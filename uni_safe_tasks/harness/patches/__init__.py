"""Where lmms-eval is changed, a file each: docs/patches.md has the table, held to these files.

`discovery` only adds names to the index of tasks, so that tasks of ours can be asked for at all,
and while that index is made, `yaml_in_c` reads its files.
Everything else is put in place by `evaluate`, which is installed when a task of ours is built, acts
on the objects of one run (its back end, its reply cache, our tasks' config), and takes itself away
when that run ends. A run without tasks of ours meets none of it.
"""
