"""Replies of the calibration set that are pictures, sounds and films: taken in, made, checked.

A `draft` is a label with the source of its medium. `taking` adds drafts to the labels in
`judger/validation/set`, `making` draws, speaks and films there, `checks` says what is wrong with
a draft. For authors only: whoever measures a judge reads the files that ship.
"""
