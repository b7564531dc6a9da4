"""Answers of searches as data for programs."""

from typing import Any

from django.conf import settings
from rest_framework.request import Request

from api.serializers.icons import size_of
from icons.models import Icon
from search.hits import Hit
from search.picture_search import Answer, RegionAnswer


def answer_data(request: Request, answer: Answer, min_score: float = 0.0) -> dict[str, Any]:
    """The answer to one picture; `reason` is there only where there are no results."""
    data: dict[str, Any] = {
        "model": answer.model,
        "took_ms": round(answer.took_ms, 1),
        "confident": answer.confident,
        "results": [hit_data(request, hit) for hit in answer.hits if hit.score >= min_score],
        "regions": [region_data(request, region, min_score) for region in answer.regions],
        "sets": [{"prefix": share.set.prefix, "icons": share.icons, "of": share.of} for share in answer.sets],
    }
    if answer.reason:
        data["reason"] = answer.reason
    return data


def region_data(request: Request, answer: RegionAnswer, min_score: float) -> dict[str, Any]:
    """One entry of `regions`: its box in fractions of the picture, and its best icons."""
    return {
        "box": [round(number, 5) for number in answer.region.box],
        "confidence": round(answer.region.confidence, 3),
        "confident": bool(answer.hits) and answer.hits[0].is_present,
        "results": [hit_data(request, hit) for hit in answer.hits if hit.score >= min_score],
    }


def hit_data(request: Request, hit: Hit) -> dict[str, Any]:
    """One result; `stroke` is there where it is not the icon's own, `replaced_by` where it is known.

    The addresses are of what the picture shows: the icon at this stroke width, or an earlier drawing of it.
    """
    data = {
        **icon_data(request, hit.icon),
        "earlier": hit.earlier,
        "score": round(hit.score, 4),
        "confident": hit.score >= settings.CONFIDENT_FROM,
        "twins": [icon_data(request, twin) for twin in hit.twins],
    }
    if hit.stroke is not None:
        data["stroke"] = hit.stroke
    if hit.stroke is not None or hit.before:
        absolute = request.build_absolute_uri
        data |= {"svg": absolute(hit.svg_url), "url": absolute(hit.url)}
    return data | {"replaced_by": hit.replaced_by.public_id} if hit.replaced_by else data


def icon_data(request: Request, icon: Icon) -> dict[str, Any]:
    """An icon, with absolute addresses; its set is read."""
    absolute = request.build_absolute_uri
    return {
        "icon": icon.public_id,
        "set": icon.set.prefix,
        "licence": icon.set.licence_id,
        "size": size_of(icon),
        "svg": absolute(icon.svg_url),
        "url": absolute(icon.get_absolute_url()),
        "earlier": icon.hidden,
    }
