"""`{% similar_icons icon as hits %}`: how the icon page, in `icons`, shows what `search` knows."""

from django import template

from icons.models import Icon
from search.queries import Hit, similar_to

register = template.Library()

SHOWN = 24


@register.simple_tag
def similar_icons(icon: Icon) -> list[Hit]:
    return similar_to(icon, SHOWN)
