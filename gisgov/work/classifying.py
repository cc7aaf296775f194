"""Events given the items of the register that they say in words, done as a job."""

from __future__ import annotations

from typing import Final

from pydantic import TypeAdapter

from gisgov.services.registers.classifying import EventsClassified, classify
from gisgov.work.attempt import Work
from gisgov.work.bringing_in import REPORT, admit_again

KIND: Final = "classify_events"
"""Kind of the jobs that classify events."""


def do_classify(work: Work) -> None:
    """Classify the events that have no item; they have theirs with the end of the job."""
    admit_again(work, "POST /v1/categories/permits")
    done = classify(work.final, timezone=work.order.zone)
    (work.results / REPORT).write_bytes(TypeAdapter(EventsClassified).dump_json(done, indent=2))
    work.log(f"{done.classified:,} events classified, {done.left:,} left without an item.")
