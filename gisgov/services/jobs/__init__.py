"""Long work that is asked for now and fetched later: jobs as folders on the disk, of any kind.

Whoever is asked puts a job in (`JobStore.submit`), a process of its own takes it out and does it
(`JobStore.claim`), and everybody who knows its id sees how far it is (`JobStore.find`). All of it is files
and locks that the kernel lets go of with the process, so several services and their restarts see the same.
"""

from __future__ import annotations

from gisgov.services.jobs.claims import Claim
from gisgov.services.jobs.drafts import Draft
from gisgov.services.jobs.records import Input, Job, JobProblem, JobProgress, JobState
from gisgov.services.jobs.store import JobStore

__all__ = ["Claim", "Draft", "Input", "Job", "JobProblem", "JobProgress", "JobState", "JobStore"]
