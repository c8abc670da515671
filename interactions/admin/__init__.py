"""The admin of facts: what is stored, why it scored so, and the policies that score."""

from interactions.admin import catalogue, daily, log, policies

__all__ = ["catalogue", "daily", "log", "policies"]
