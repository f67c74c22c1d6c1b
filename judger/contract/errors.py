"""The mistakes of a user: said in one line, without a traceback."""

from __future__ import annotations


class UserError(ValueError):
    """Something that the user can mend. Its text says what is wrong, where, and what to do.

    Commands print it and end with status 2. Any other exception is a bug of ours and shows as one.
    """
