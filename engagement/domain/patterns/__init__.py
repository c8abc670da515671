"""Detectors of patterns: arrays in, evidence out. `table.py` holds all of them, docs/patterns.md tells them."""
