"""What faults in a row say of an endpoint: that it is gone, or that it lets nobody in.

Only counts, no clock: `endpoint.client` waits and stops by them. An answer sets them all back.
"""

from __future__ import annotations

from judger.endpoint.wire.payload import Sent

#: So many attempts that failed in a row open the circuit: nothing is sent for a while, each time
#: for longer. Where that helped nobody so many times (or `retries`), the endpoint is gone.
BREAKER_FAILURES = 12
BREAKER_TRIPS = 3
#: So many times `concurrency` questions that met their deadline rate-limited, with no answer
#: between them: the limit is no window that passes, and the rest of the run would wait in vain.
VAIN_ROUNDS = 4
#: So many different questions in a row that were refused by 401, 403, 404 or 405: it may be the
#: endpoint, and no more the questions.
SHUT_OUT = 3


class Circuit:
    """One endpoint's faults since its last answer. A 429 is no failure: who sends it is there."""

    def __init__(self, retries: int, concurrency: int) -> None:
        self._most_trips = max(BREAKER_TRIPS, retries)
        self._most_vain = VAIN_ROUNDS * concurrency
        self._refused: set[int] = set()
        self.answered()

    def answered(self) -> None:
        """The endpoint is well."""
        self._failures = self.trips = self._bursts = self._vain = 0
        self._refused.clear()

    def failed(self, trip: int) -> bool:
        """Count an attempt that was sent when there were `trip` trips; does the circuit open?"""
        self._failures += trip == self.trips
        if self._failures < BREAKER_FAILURES:
            return False
        self._failures, self.trips = 0, self.trips + 1
        return True

    @property
    def gone(self) -> bool:
        """Opening the circuit did not help, so often that nothing will."""
        return self.trips > self._most_trips

    def burst(self) -> int:
        """Count a burst of 429s; how many came before it since the last answer."""
        self._bursts += 1
        return self._bursts - 1

    def in_vain(self) -> bool:
        """Count a question that waited for its whole time; is waiting itself in vain by now?"""
        self._vain += 1
        return self._vain > self._most_vain

    def refused(self, question: Sent) -> bool:
        """Count a question that was shut out; were so many different ones that it says more?"""
        self._refused.add(hash(question))
        return len(self._refused) >= SHUT_OUT

    @property
    def refusing(self) -> bool:
        """Whether enough different questions were shut out since the last answer."""
        return len(self._refused) >= SHUT_OUT
