"""Repair for people: a proposal for every defect, edited and accepted by a person, applied, undone."""
