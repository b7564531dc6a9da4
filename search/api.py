"""`POST /api/v1/search/image/`."""

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from search.forms import ImageSearchForm
from search.picture_search import Answer, Hit, search_by_picture
from search.uploads import refuse_large_body, status_of
from search.vision.crops import WHOLE


class ImageSearch(APIView):
    """Icons that look like the picture in the multipart field `image`, best first.

    Optional: `limit` (1 to 200, default 24), `crop` (x,y,w,h in fractions of the upright picture: the part that
    shows the icon), and what narrows the search down: `set` (a prefix), `licence` (an SPDX id, or a title where a
    set has none) and `style` (outline, filled, duotone), which may be repeated, `palette` (mono, colour), `words`.
    """

    def post(self, request: Request) -> Response:
        try:
            refuse_large_body(request._request)
        except ValidationError as error:
            return Response({"image": error.messages}, status=status_of(error))
        form = ImageSearchForm(request._request.POST, request._request.FILES)
        if not form.is_valid():
            status = max(status_of(error) for errors in form.errors.as_data().values() for error in errors)
            return Response({field: list(errors) for field, errors in form.errors.items()}, status=status)
        data = form.cleaned_data
        # A part that somebody chose is taken for one icon.
        answer = search_by_picture(data["image"], data["limit"], form.to_filter(), regions=data["crop"] == WHOLE)
        return Response(self.reply(answer))

    def reply(self, answer: Answer) -> dict[str, Any]:
        reply = {
            "model": answer.model,
            "took_ms": round(answer.took_ms, 1),
            "confident": answer.confident,
            "results": [self.hit(hit) for hit in answer.hits],
            "regions": [
                {
                    "box": [round(number, 5) for number in one.region.box],
                    "confidence": round(one.region.confidence, 3),
                    "results": [self.hit(hit) for hit in one.hits],
                }
                for one in answer.regions
            ],
        }
        if answer.reason:
            reply["reason"] = answer.reason
        return reply

    def hit(self, hit: Hit) -> dict[str, Any]:
        icon, absolute = hit.icon, self.request.build_absolute_uri
        return {
            "icon": icon.public_id,
            "score": round(hit.score, 4),
            "set": icon.set.prefix,
            "svg": absolute(icon.svg_url),
            "url": absolute(icon.get_absolute_url()),
        }
