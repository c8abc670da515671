"""Reads of the counting house: what many learners did, never from raw interactions."""
