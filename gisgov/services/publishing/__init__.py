"""Use cases: put plans into force, on their day, and end, take back and correct them."""

from gisgov.services.publishing.effect import PlanEffect, has_plans_due, take_effect
from gisgov.services.publishing.preview import PlanPreview, preview_plan
from gisgov.services.publishing.publish import publish_plan
from gisgov.services.publishing.reports import PlanPublication, PublicationEffect, Refusal, Rerouting
from gisgov.services.publishing.retire import retire_plan
from gisgov.services.publishing.withdrawing import withdraw_plan

__all__ = [
    "PlanEffect",
    "PlanPreview",
    "PlanPublication",
    "PublicationEffect",
    "Refusal",
    "Rerouting",
    "has_plans_due",
    "preview_plan",
    "publish_plan",
    "retire_plan",
    "take_effect",
    "withdraw_plan",
]
