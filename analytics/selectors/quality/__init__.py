"""What came in, what was refused, and what the figures rest on. No read here grows with the log."""
