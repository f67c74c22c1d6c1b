"""A second time, blind: labels put before another labeller who does not see them, and settled.

`batches` writes what the second sees, `second` reads what they said and puts it beside the first,
`settled` takes the verdicts on which the two did not agree, each with its reason.
"""
