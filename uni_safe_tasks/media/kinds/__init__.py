"""The kinds of `Visual` that hold words: cards, papers, screens, signs, charts, maps.

A scene of things is no kind of its own here but a room: `media/scene`.
"""
