"""The plot of safety against over-refusal: where its marks and labels stand."""

from itertools import pairwise

import pytest

from judger.rates.statistics import Mean
from leaderboard.report import plot
from leaderboard.report.summary import Line


def line(safe: float | None, over: float | None, helped: float | None = None) -> Line:
    """A line of the table of means, of which the plot needs these."""
    means = {
        "both_safe": Mean(safe, safe, safe, 1, 0),
        "over_refusal": Mean(over, over, over, 1, 0),
        "helped": Mean(helped, helped, helped, 1, 0),
    }
    return Line("x", means, {})


def test_marks_of_the_plot_stand_where_their_rates_say() -> None:
    whole, best, worst = plot.marks([line(0.5, 0.5), line(1.0, 0.0), line(0.0, 1.0)])
    assert (best.x, best.y) == (plot.LEFT, plot.TOP)
    assert (worst.x, worst.y) == (plot.RIGHT, plot.BOTTOM)
    assert (whole.number, best.number, worst.number) == (0, 1, 2)


@pytest.mark.parametrize("height", [0.0, 0.5, 1.0])
def test_labels_of_the_plot_never_overlap(height: float) -> None:
    made = plot.marks([line(height, 0.1)] * 8)[1:]
    labels = sorted(mark.label_y for mark in made)
    assert all(b - a >= plot.GAP - 0.2 for a, b in pairwise(labels))
    assert labels[0] >= plot.TOP and labels[-1] <= plot.BOTTOM


def test_a_line_without_both_rates_has_no_mark() -> None:
    assert plot.marks([line(0.5, None), line(None, 0.5)]) == []


def test_helped_stands_across_where_the_judge_was_asked_that() -> None:
    asked, not_asked = line(0.5, 0.0, 1.0), line(0.5, 0.0)
    assert (plot.axis(asked), plot.axis(not_asked)) == ("helped", "over_refusal")
    (mark,) = plot.marks([asked], "helped")
    assert mark.x == plot.RIGHT
    assert plot.marks([not_asked], "helped") == []
