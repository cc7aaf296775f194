"""What publishing, previewing and taking back a plan is asked with."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api.parameters import TEXT, NoParameters

_REASON = 2_000


class DecisionBody(NoParameters):
    """A decision."""

    decision: str | None = Field(None, max_length=TEXT, description="The decision that it rests on.")
    author: str | None = Field(None, max_length=TEXT, description="Who made it.")
    decided_on: date | None = Field(None, description="Day of the decision.", examples=["2026-05-20"])


class PreviewBody(NoParameters):
    """A preview of a publication."""

    effective: date | None = Field(
        None, description="First day in force. Default: today.", examples=["2026-06-01"]
    )
    valid_to: date | None = Field(None, description="First day no longer in force; null: open-ended.")
    corrects: str | None = Field(
        None, max_length=TEXT, description="The published plan that it takes the place of."
    )
    accept_defects: str | None = Field(
        None, max_length=_REASON, description="Why it is published although it has defects."
    )
    keep_codes: bool = Field(
        False, description="Keep codes that were in force for other ground; else such areas get new ones."
    )
    over_newer: bool = Field(
        False, description="Publish it although it undoes what a newer plan than its base changed."
    )


class PublicationBody(DecisionBody):
    """A publication."""

    valid_from: date = Field(description="First day in force: today, earlier or later.")
    valid_to: date | None = Field(None, description="First day no longer in force; null: open-ended.")
    corrects: str | None = Field(
        None,
        max_length=TEXT,
        description="The published plan that it takes the place of; one that has not begun never begins.",
    )
    reason: str | None = Field(None, max_length=_REASON, description="Why it corrects that plan.")
    accept_defects: str | None = Field(
        None, max_length=_REASON, description="Why it is published although it has defects."
    )
    keep_codes: bool = Field(
        False, description="Keep codes that were in force for other ground; else such areas get new ones."
    )
    over_newer: bool = Field(
        False, description="Publish it although it undoes what a newer plan than its base changed."
    )


class WithdrawalBody(DecisionBody):
    """A plan that is taken back."""

    reason: str = Field(max_length=_REASON, description="Why.", examples=["公示期内收到异议"])
    effective: date | None = Field(
        None,
        description="Day on which it ends. Default: today, or its first day if that is still to come.",
    )
    new_name: str | None = Field(
        None,
        min_length=1,
        max_length=TEXT,
        description="Name of the plan that follows. Default: that of the plan before it, with the day.",
    )


class RetirementBody(NoParameters):
    """A plan that ends without another to follow it."""

    valid_to: date = Field(description="First day no longer in force.")


class PreviewParameters(NoParameters):
    """Parameters of a preview."""

    effective: str | None = Field(
        default=None,
        max_length=40,
        description="First day in force. Default: today.",
        examples=["2026-06-01"],
    )
