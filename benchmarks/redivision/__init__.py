"""Divisions of a district, ours and peers', and how good they are.

`judging` measures a division and `moving` a change of one, both with code of their own; `problems` is what
peers are given, `partitioners`, `trees` and `clusters` ask them, `apart` runs one in a process with a time
limit, and `ours` asks gisgov.
"""
