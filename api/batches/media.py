"""The formats of batches, and how a request chooses among them."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from starlette.datastructures import Headers

from api.problems import NOT_ACCEPTABLE, UNSUPPORTED_MEDIA, Refusal


class Media(StrEnum):
    """A format of points and of answers, as the media type that names it."""

    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    CSV = "text/csv"
    ARROW = "application/vnd.apache.arrow.stream"
    RAW = "application/octet-stream"


_OTHER_NAMES: Final = {"application/ndjson": Media.NDJSON, "application/jsonl": Media.NDJSON}
_ALL: Final = ", ".join(Media)


def media_of_request(headers: Headers) -> tuple[Media, str]:
    """Return the format of a request and the encoding of its text.

    Raises
    ------
    Refusal
        It is none of the formats, or it is compressed.
    """
    name, _, rest = headers.get("Content-Type", "").partition(";")
    media = _known(name)
    if media is None:
        said = name.strip() or "a body without Content-Type"
        raise Refusal(UNSUPPORTED_MEDIA, f"Points are not read from {said}.", hint=f"Send one of {_ALL}.")
    if headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"The body is compressed ({headers['Content-Encoding']}).",
            hint="Send it as it is; the raw and the Arrow format are small.",
        )
    return media, _charset(rest, media)


def _charset(parameters: str, media: Media) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        charset = value.strip().strip('"').lower().replace("_", "-")
        if name.strip().lower() != "charset" or charset in ("utf-8", "utf8"):
            continue
        if media is Media.CSV and charset in ("gbk", "gb2312", "gb18030", "us-ascii"):
            return "gb18030"  # it reads what the three smaller ones write
        raise Refusal(
            UNSUPPORTED_MEDIA,
            f"Text in {charset or 'no encoding'} is not read.",
            hint="Send UTF-8; text/csv may be in GBK or GB18030 as well.",
        )
    return "utf-8"


def media_of_answer(headers: Headers, request: Media) -> Media:
    """Return the format of the answer: that of the request (Arrow for raw) unless Accept prefers another.

    Raises
    ------
    Refusal
        None of the formats is acceptable.
    """
    own: Media = Media.ARROW if request is Media.RAW else request
    accept = headers.get("Accept", "*/*")
    wanted = [_weighed(part) for part in accept.split(",") if part.strip()]
    best: Media = own
    best_weight = 0.0
    for media in (own, *(one for one in Media if one is not own)):
        weight = _weight(media, wanted) if wanted else 1.0
        if weight > best_weight:
            best, best_weight = media, weight
    if best_weight <= 0.0:
        raise Refusal(
            NOT_ACCEPTABLE, f"Answers do not come as {accept[:200]}.", hint=f"Accept one of {_ALL}."
        )
    return best


def _known(name: str) -> Media | None:
    plain = name.strip().lower()
    if plain in _OTHER_NAMES:
        return _OTHER_NAMES[plain]
    return Media(plain) if plain in set(Media) else None


def _weighed(part: str) -> tuple[str, float]:
    """Return a media range and its weight; one that cannot be read weighs nothing."""
    name, *parameters = part.split(";")
    weight = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "q":
            try:
                weight = float(value)
            except ValueError:
                weight = 0.0
    plain = name.strip().lower()
    return _OTHER_NAMES.get(plain, plain), weight


def _weight(media: Media, wanted: list[tuple[str, float]]) -> float:
    """Return the weight of the most specific range that a format falls in (RFC 9110, 12.5.1)."""
    ranges = dict(reversed(wanted))
    for name in (media.value, media.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0
