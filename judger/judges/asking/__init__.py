"""A judge that is a model behind an endpoint: how it is asked, what is kept, who really answered.

What belongs here: what all such judges share. How one family is asked and read is its `Form`.
"""
