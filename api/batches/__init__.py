"""Batches of points over HTTP: read as they come, answered as they are read, in one of five formats."""
