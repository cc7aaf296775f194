"""How routes put jobs in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from starlette.concurrency import run_in_threadpool

from api.context import Context
from gisgov.services.jobs import Draft, Input, Job, refuse_when_full, submit_job
from gisgov.types import Json


@asynccontextmanager
async def drafted(context: Context) -> AsyncIterator[Draft]:
    """Make room for a job whose files come in next; without `put_in` it is removed again.

    Raises
    ------
    QueueFull
        As many as may wait are waiting.
    UnavailableError
        The folder of the jobs cannot be made.
    """
    await run_in_threadpool(refuse_when_full, context.database, context.jobs.most_waiting)
    async with AsyncExitStack() as stack:
        yield await run_in_threadpool(stack.enter_context, context.jobs.draft())


async def put_in(
    context: Context,
    draft: Draft,
    *,
    kind: str,
    title: str,
    parameters: Json,
    inputs: Mapping[str, Input] | None = None,
) -> Job:
    """Put a job in for whoever asks, and see that there is a worker; see `submit_job`."""
    job = await run_in_threadpool(
        submit_job,
        context.database,
        draft,
        kind=kind,
        title=title,
        parameters=parameters,
        inputs=inputs,
    )
    await run_in_threadpool(context.worker.nudge)
    return job
