"""Pressure: wrappers around a request, by templates/attacks, for harmful and benign items alike.

What is measured is how far verdicts move when the same request comes under mild pressure
(docs/attacks.md). A canary is asked as it is: it proves that media are delivered.
"""
