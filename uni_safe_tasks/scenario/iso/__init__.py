"""The rows of the second suite, `unisafe_iso`: one sentence in five forms; its files."""
