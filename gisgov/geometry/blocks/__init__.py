"""Blocks (基础地块): the pieces of ground between streets, water, railways and borders of areas.

`build_blocks` draws all lines on the grid of stored coordinates, cuts them where they meet, and puts together
what is no block of its own.
"""

from gisgov.geometry.blocks.building import build_blocks
from gisgov.geometry.blocks.result import BlockReport, BlockTolerances, BuiltBlocks

__all__ = ["BlockReport", "BlockTolerances", "BuiltBlocks", "build_blocks"]
