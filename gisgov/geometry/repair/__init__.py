"""Repair of coverages: one reversible decision per defect, proposed by a rule and carried out exactly."""

from gisgov.geometry.repair.applying import Repair, apply
from gisgov.geometry.repair.decisions import Decision, People, Proposals, Rule
from gisgov.geometry.repair.proposing import propose

__all__ = ["Decision", "People", "Proposals", "Repair", "Rule", "apply", "propose"]
