from gisgov.geometry.coverage.old import MIN_WIDTH, DefectKind, Defects, find_defects

__all__ = ["MIN_WIDTH", "DefectKind", "Defects", "find_defects"]
