"""`make mutants`: are the tests tested? One change at a time in the files that decide outcomes,
verdicts and rates, and the fast tests have to notice it.

    python -m tests.mutation                        # the whole sample, from the start: an hour
    python -m tests.mutation --go-on --minutes 5    # a part of it: what the last call left
    python -m tests.mutation --again                # only what survived, after tests were written

`scope` says which files and which tests, `draw` changes them, `trial` runs the tests in a copy of
the tree, `report` makes docs/mutation.md.
"""
