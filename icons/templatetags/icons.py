"""`{% icon "tabler:home" size=24 colour="#f00" title="Home" %}` puts an icon of the library into a page."""

from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from icons.exporting.look_forms import LookForm
from icons.exporting.svg_text import icon_svg_text
from icons.models import Icon, IconSet
from icons.names import split_id

register = template.Library()


@register.simple_tag(takes_context=True)
def set_title(context: Context, icon_set: IconSet) -> str:
    """The title of a set, with its prefix where several sets have the title."""
    shared = icon_set.title in (context.get("shared_titles") or ())
    return f"{icon_set.title} ({icon_set.prefix})" if shared else icon_set.title


@register.simple_tag
def icon(public_id: str, title: str = "", flip: str = "", **params: Any) -> SafeString:
    """The SVG, in the look that `colour`, `size`, `stroke`, `rotate` and `flip` ("x", "y" or "xy") ask for.

    Programs that read pages aloud say the title, and skip an icon without one. An icon that does not exist, or cannot
    look so, is left out; where DEBUG is on, it raises TemplateSyntaxError.
    """
    id_parts = split_id(str(public_id))
    library_icon = Icon.objects.find(*id_parts) if id_parts else None
    form = LookForm({**params, "flip": list(flip)})
    unknown = params.keys() - form.fields.keys()
    if library_icon is None or unknown or not form.is_valid():
        if not settings.DEBUG:
            return mark_safe("")
        if library_icon is None:
            raise template.TemplateSyntaxError(f"There is no icon {public_id!r}.")
        raise template.TemplateSyntaxError(form.sentence() or f"An icon cannot be given {', '.join(sorted(unknown))}.")
    start, end, rest = icon_svg_text(library_icon, form.look()).partition(">")
    label = f' role="img"{end}<title>{escape(title)}</title>' if title else f' aria-hidden="true"{end}'
    return mark_safe(start + label + rest)
