"""Thematic maps: frames in, a self-contained page or a print sheet out; nothing is read or fetched."""
