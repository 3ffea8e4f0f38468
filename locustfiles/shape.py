"""The scenario's traffic as a load shape: `locust -f locustfiles/scoring.py,locustfiles/shape.py`.

`simulator.load.shape` says how it follows the platform.
"""

from simulator.load.shape import ScenarioShape

__all__ = ["ScenarioShape"]
