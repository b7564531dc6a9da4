"""Sheets: one SVG file with the samples of many sets, in a row for each, so that a page of sets asks for few files.

Each row has a <view>, which the fragment of an address names: `/samples/0.svg?v=…#mdi`. The address of a sheet with
its version (`v`) may be kept for ever.
"""

from collections.abc import Sequence
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from icons.exporting.own_ids import give_own_ids
from icons.highlights import new_icons, sets_at_a_glance
from icons.icon_files import IMMUTABLE, REVALIDATE, SVG_POLICY
from icons.models import Icon
from icons.set_samples import PITCH, SIDE, SampleRow, SetSummary, add_samples, summarise_sets
from icons.svg.markup import attributes, markup, parse
from icons.svg.reading import SVG

SETS = 24  # on a sheet of the list of sets
START = "start"  # the sheet of the start page; those of the list of sets have numbers
LINE = 40  # px from one row to the next
PATCH = '<rect x="{x}" y="{y}" width="38" height="38" rx="6" fill="#566072"/>'  # under a white icon among others


def place_on_sheets(summaries: Sequence[SetSummary]) -> None:
    """Give all sets, by prefix, their samples, and tell the rows where they are."""
    add_samples(summaries)
    for number, start in enumerate(range(0, len(summaries), SETS)):
        place_on_sheet(str(number), [summary.row for summary in summaries[start : start + SETS]])


def place_on_sheet(name: str, rows: Sequence[SampleRow]) -> None:
    """Tell rows that they are on the sheet of this name."""
    address = f"{reverse('sample-sheet', args=[name])}?v={version(rows)}"
    for row in rows:
        row.address = f"{address}#{row.key}"


def version(rows: Sequence[SampleRow]) -> str:
    """What changes with the icons of a sheet."""
    hashes = [(row.key, [icon.svg_hash for icon in row.icons]) for row in rows]
    return sha256(repr(hashes).encode()).hexdigest()[:12]


@require_safe
def sample_sheet(request: HttpRequest, name: str) -> HttpResponse:
    """The sheet as it is now; one whose version the address has may be kept for ever."""
    rows = _rows_of(name)
    if not rows:
        raise Http404
    etag = version(rows)
    headers = {"Cache-Control": IMMUTABLE if request.GET.get("v") == etag else REVALIDATE, "ETag": f'"{etag}"'}
    headers["Content-Security-Policy"] = SVG_POLICY
    response = HttpResponse(content_type="image/svg+xml", headers=headers)
    answer = get_conditional_response(request, headers["ETag"], response=response)
    if isinstance(answer, HttpResponse) and answer is not response:
        return answer
    response.content = sheet(rows)
    return response


def _rows_of(name: str) -> list[SampleRow]:
    if name == START:
        return [*(glance.row for glance in sets_at_a_glance()), *(new.row for new in new_icons())]
    start = int(name) * SETS
    summaries = summarise_sets()[start : start + SETS]
    add_samples(summaries)
    return [summary.row for summary in summaries]


def sheet(rows: Sequence[SampleRow]) -> str:
    """The SVG of rows of icons; the icons are read."""
    drawings = dict(
        Icon.objects.filter(pk__in=[icon.pk for row in rows for icon in row.icons]).values_list("pk", "svg")
    )
    lines = []
    for number, row in enumerate(rows):
        lines.append(f'<view id="{row.key}" viewBox="0 {number * LINE} {row.width} {SIDE}"/>')
        for place, icon in enumerate(row.icons):
            if icon.pk in drawings:  # else it was deleted just now
                lines.append(_cell(icon, drawings[icon.pk], place, number, row.ground))
    return f'<svg xmlns="{SVG}">{"".join(lines)}</svg>'


def _cell(icon: Icon, svg: str, place: int, number: int, ground: str) -> str:
    root = parse(svg)
    give_own_ids(root, f"icon_{number}_{place}")  # no prefix of a set has an underscore
    x, y = place * PITCH, number * LINE
    frame = {name: value for name, value in root.attrib.items() if name != "xmlns"}
    frame |= {"x": str(x), "y": str(y), "width": str(SIDE), "height": str(SIDE)}
    patch = PATCH.format(x=x - 3, y=y - 3) if icon.pale and ground != "pale" else ""
    return f"{patch}<svg{attributes(frame)}>{markup(*root)}</svg>"
