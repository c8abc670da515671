"""The admin of facts: what is stored, why it scored so, what was refused, and the policies that score."""

from interactions.admin import attempts, catalogue, daily, log, policies, quarantine

__all__ = ["attempts", "catalogue", "daily", "log", "policies", "quarantine"]
