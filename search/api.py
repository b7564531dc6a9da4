"""The searches for programs: `POST /api/v1/search/image/` and `GET /api/v1/search/words/`."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from icons.models import Icon
from search.forms import ImageSearchForm, WordSearchForm
from search.hits import Hit
from search.in_style import icons_in_style
from search.picture_search import Answer, RegionAnswer, read_picture
from search.sketches import search_by_sketch
from search.uploads import refuse_large_body, refuse_other_types, status_of
from search.vision.crops import WHOLE
from search.words.look_up import search_by_words


class WordSearch(APIView):
    """Icons that the words in `q` find, best first.

    Optional: `limit` and `offset`, and what narrows the search down: `set`, `licence`, `style`, `palette`.
    """

    def get(self, request: Request) -> Response:
        """Answer one search: 400 for a wrong field."""
        form = WordSearchForm(request._request.GET)
        if not form.is_valid():
            return Response({field: list(errors) for field, errors in form.errors.items()}, status=400)
        data = form.cleaned_data
        answer = search_by_words(data["q"], data["limit"], data["offset"], form.to_filter().resolve_for_words())
        results = [_icon(request, icon) for icon in answer.icons]
        return Response({"total": answer.total, "left_out": answer.left_out, "results": results})


class ImageSearch(APIView):
    """Icons that look like the picture in the multipart field `image`, best first.

    Optional: `limit` (1 to 200, default 24), `crop` (x,y,w,h in fractions of the upright picture: the part that
    shows the icon), and what narrows the search down: `set` (a prefix), `licence` (an SPDX id, or a title where a
    set has none) and `style` (outline, filled, duotone), which may be repeated, `palette` (mono, colour), `words`;
    `sketch` (1) where the picture was drawn by hand.
    """

    def post(self, request: Request) -> Response:
        """Answer one search: 400 for a wrong field, 413 for a body that is too large, 415 for one that is no form.

        Django parses the body, not DRF, so that its size is known to be allowed before it is read.
        """
        try:
            refuse_large_body(request._request)
        except ValidationError as error:
            return Response({"image": error.messages}, status=status_of(error))
        try:
            refuse_other_types(request._request)
        except ValidationError as error:
            return Response({"detail": " ".join(error.messages)}, status=status_of(error))
        form = ImageSearchForm(request._request.POST, request._request.FILES)
        if not form.is_valid():
            status = max(status_of(error) for errors in form.errors.as_data().values() for error in errors)
            return Response({field: list(errors) for field, errors in form.errors.items()}, status=status)
        data = form.cleaned_data
        if data["sketch"]:
            return Response(self.reply(search_by_sketch(data["image"], data["limit"], form.to_filter())))
        picture = read_picture(data["image"], regions=data["crop"] == WHOLE)  # a part that was chosen is one icon
        reply = self.reply(picture.search(data["limit"], form.to_filter()))
        if data["words"]:
            in_style = icons_in_style(picture, form.to_filter(), data["limit"])
            reply["in_style"] = [_icon(request, icon) for icon in in_style]
        return Response(reply)

    def reply(self, answer: Answer) -> dict[str, Any]:
        """The body of the reply; `reason` is there only where there are no results."""
        reply = {
            "model": answer.model,
            "took_ms": round(answer.took_ms, 1),
            "confident": answer.confident,
            "results": [self.result(hit) for hit in answer.hits],
            "regions": [self.region(region_answer) for region_answer in answer.regions],
            "sets": [{"prefix": share.set.prefix, "icons": share.icons, "of": share.of} for share in answer.sets],
        }
        if answer.reason:
            reply["reason"] = answer.reason
        return reply

    def region(self, answer: RegionAnswer) -> dict[str, Any]:
        """One entry of `regions`: its box in fractions of the picture, and its best icons."""
        return {
            "box": [round(number, 5) for number in answer.region.box],
            "confidence": round(answer.region.confidence, 3),
            "results": [self.result(hit) for hit in answer.hits],
        }

    def result(self, hit: Hit) -> dict[str, Any]:
        """One entry of `results`; `stroke` is there where it is not the icon's own, `replaced_by` where it is known."""
        twins = [_icon(self.request, twin) for twin in hit.twins]
        result = {**_icon(self.request, hit.icon), "score": round(hit.score, 4), "twins": twins}
        if hit.stroke is not None:
            absolute = self.request.build_absolute_uri
            result |= {"stroke": hit.stroke, "svg": absolute(hit.svg_url), "url": absolute(hit.url)}
        return result | {"replaced_by": hit.replaced_by.public_id} if hit.replaced_by else result


def _icon(request: Request, icon: Icon) -> dict[str, Any]:
    """An icon, with absolute addresses."""
    absolute = request.build_absolute_uri
    return {
        "icon": icon.public_id,
        "set": icon.set.prefix,
        "svg": absolute(icon.svg_url),
        "url": absolute(icon.get_absolute_url()),
        "earlier": icon.hidden,
    }
