"""Long work that is asked for now and fetched later: jobs of any kind, in a queue of the database.

Whoever is asked puts a job in (`submit_job`), a worker takes it out and does it (`gisgov.work`), and its
owner sees how far it is (`find_job`). What it was asked and how it stands is in the database, its files lie
in a folder beside it (`JobPlace`), which all services and workers share.
"""

from __future__ import annotations

from gisgov.services.jobs.drafts import Draft
from gisgov.services.jobs.ending import cancel_job, retry_job, sweep_jobs
from gisgov.services.jobs.place import JobPlace, ResultFile
from gisgov.services.jobs.reading import find_job, has_open_jobs, job_log, list_jobs
from gisgov.services.jobs.records import Input, Job, JobProblem, JobProgress, JobState, LogLine
from gisgov.services.jobs.reports import JobReport, report_of
from gisgov.services.jobs.submitting import ATTEMPTS, refuse_when_full, submit_job

__all__ = [
    "ATTEMPTS",
    "Draft",
    "Input",
    "Job",
    "JobPlace",
    "JobProblem",
    "JobProgress",
    "JobReport",
    "JobState",
    "LogLine",
    "ResultFile",
    "cancel_job",
    "find_job",
    "has_open_jobs",
    "job_log",
    "list_jobs",
    "refuse_when_full",
    "report_of",
    "retry_job",
    "submit_job",
    "sweep_jobs",
]
