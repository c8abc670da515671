"""A year of invented learners whose stories a person can recognise. Pure but for `loading`."""
