"""What the server counts of itself and of its ledger, for Prometheus."""

from everyrun.server.metrics.counting import Metrics
from everyrun.server.metrics.measuring import Measured

__all__ = ["Measured", "Metrics"]
