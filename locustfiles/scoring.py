"""Realistic scoring traffic: `locust -f locustfiles/scoring.py`; `simulator.load` says how.

Without --host it starts the simulated platform itself, drives it, and stops it at the end; with
--host it drives that API and starts nothing.
"""

from simulator.load import prompt_end  # noqa: F401 - it comes first, and acts by being read
from simulator.load.scoring import BranchUser, MobileUser, PartnerUser, WebUser, listen

__all__ = ["BranchUser", "MobileUser", "PartnerUser", "WebUser"]

listen()
