"""`{% icon "tabler:home" size=24 colour="#f00" title="Home" %}`: an icon of the library within a page."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from icons.exporting.forms import LookForm
from icons.exporting.look import drawn
from icons.models import Icon
from icons.names import split_id

register = template.Library()


@register.simple_tag
def icon(public_id: str, title: str = "", flip: str = "", **asked: Any) -> SafeString:
    """The SVG, in the look that `colour`, `size`, `stroke`, `rotate` and `flip` ("x", "y" or "xy") ask for.

    Programs that read pages aloud say the title, and pass an icon without one by. What cannot be drawn is
    left out; where DEBUG is on, it raises TemplateSyntaxError.
    """
    parts = split_id(str(public_id))
    found = Icon.objects.find(*parts) if parts else None
    form = LookForm({**asked, "flip": list(flip)})
    unknown = asked.keys() - form.fields.keys()
    if found is None or unknown or not form.is_valid():
        if not settings.DEBUG:
            return mark_safe("")
        if found is None:
            raise template.TemplateSyntaxError(f"There is no icon {public_id!r}.")
        raise template.TemplateSyntaxError(form.sentence() or f"An icon cannot be given {', '.join(sorted(unknown))}.")
    start, end, rest = drawn(found, form.look()).partition(">")
    said = f' role="img"{end}<title>{escape(title)}</title>' if title else f' aria-hidden="true"{end}'
    return mark_safe(start + said + rest)
