"""Which answers of a server count: the grammar of docs/judge.md, and the errors a body may hide."""
