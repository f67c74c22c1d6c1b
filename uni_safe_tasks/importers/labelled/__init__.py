"""Readers of public sets of real replies with human labels, from a user's own copy.

What they yield becomes a file of labels for `uni-safe validate-judge`. Nothing of theirs is shipped
or copied into this repository. Which of their labels says what on our axes stands in each reader
and, as one table, in docs/labels-of-others.md.
"""
