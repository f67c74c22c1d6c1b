"""From records to rates: intervals, differences, agreement, correction."""
