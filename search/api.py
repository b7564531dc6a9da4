"""`POST /api/v1/search/image/`."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from search.queries import Hit
from search.views import run_search, status_of


class ImageSearch(APIView):
    """Icons that look like the picture in the multipart field `image`, best first.

    Optional: `limit` (1 to 200, default 24), `set` (a prefix; may be repeated), `crop` (x,y,w,h in fractions
    of the upright picture: the part that shows the icon).
    """

    def post(self, request: Request) -> Response:
        form, answer = run_search(request._request)
        if answer is None:
            return Response({field: list(errors) for field, errors in form.errors.items()}, status=status_of(form))
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
        return Response(reply)

    def hit(self, hit: Hit) -> dict[str, Any]:
        icon, absolute = hit.icon, self.request.build_absolute_uri
        return {
            "icon": icon.public_id,
            "score": round(hit.score, 4),
            "set": icon.set.prefix,
            "svg": absolute(icon.svg_url),
            "url": absolute(icon.get_absolute_url()),
        }
