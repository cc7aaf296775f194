"""Plans as files: written out, and read back the same to the bit."""
