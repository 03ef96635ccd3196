"""How often one caller may ask: a bucket of tokens each, in this process."""

from threading import Lock

from everyrun.domain.clock import Clock

_MOST_BUCKETS = 10_000
_SECOND = 1_000_000


class Rates:
    """Lets ``rate`` requests a second through for long and ``burst`` at once; 0 lets all through.

    Safe to share between threads.
    """

    def __init__(self, rate: float, burst: int, clock: Clock) -> None:
        self._rate = rate
        self._burst = float(burst)
        self._clock = clock
        self._lock = Lock()
        self._buckets: dict[str, tuple[float, int]] = {}

    def take(self, who: str) -> float:
        """Count one request; answers the seconds to wait, 0 when it may go on."""
        if not self._rate:
            return 0.0
        now = self._clock.now()
        with self._lock:
            left = self._left(who, now)
            if left < 1:
                self._buckets[who] = (left, now)
                return (1 - left) / self._rate
            self._make_room(now)
            self._buckets[who] = (left - 1, now)
        return 0.0

    def is_empty(self, who: str) -> bool:
        """Whether the next request of somebody would have to wait."""
        with self._lock:
            return bool(self._rate) and self._left(who, self._clock.now()) < 1

    def _left(self, who: str, now: int) -> float:
        left, at = self._buckets.get(who, (self._burst, now))
        return min(self._burst, left + max(0, now - at) * self._rate / _SECOND)

    def _make_room(self, now: int) -> None:
        """Forget those whose buckets are full again, and where that is nobody, everybody."""
        if len(self._buckets) < _MOST_BUCKETS:
            return
        kept = {
            who: each for who, each in self._buckets.items() if self._left(who, now) < self._burst
        }
        self._buckets = kept if len(kept) < _MOST_BUCKETS else {}
