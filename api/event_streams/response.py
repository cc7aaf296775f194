"""An answer that goes on, until it ends or its client reads no more."""

from __future__ import annotations

import asyncio
from typing import Final

import structlog
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from api.progress_streams import MEDIA_TYPE

STALL_S: Final = 20.0
"""How long a client may leave what was sent unread."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger("gisgov.events")


class LiveResponse(StreamingResponse):
    """A stream of server-sent events that is given up when nothing of it can be sent for a while."""

    media_type = MEDIA_TYPE
    stall_s = STALL_S

    async def stream_response(self, send: Send) -> None:
        """Send what comes; a client that reads nothing loses its connection."""

        async def send_in_time(message: Message) -> None:
            await asyncio.wait_for(send(message), self.stall_s)

        try:
            await super().stream_response(send_in_time)
        except TimeoutError:
            _log.info("a client that follows events reads nothing and is given up")
