"""`{% similar_icons icon as hits %}`: how the icon page, in `icons`, shows what `search` knows."""

from django import template

from icons.models import Icon
from search.models import IconVector
from search.queries import similar_to

register = template.Library()

SHOWN = 24


@register.simple_tag
def similar_icons(icon: Icon) -> list[IconVector]:
    return similar_to(icon, SHOWN)
