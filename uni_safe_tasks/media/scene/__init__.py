"""Scenes: a setting (`backdrop`), the things in it (`things`, `tint`), where they stand (`stand`).

`scene` draws a still of it; `media/film` lets the things move.
"""
