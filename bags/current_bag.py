"""The bag that a visitor fills. Which one that is, the session keeps; those who never fill one have none."""

from django.conf import settings
from django.http import HttpRequest

from bags.models import Bag, BagIcon

CURRENT = "bag"  # in the session: the key of the bag


def may_change(request: HttpRequest, bag: Bag) -> bool:
    """Whether this visitor fills the bag: its owner, or, where it is nobody's, the session that holds it."""
    if bag.owner_id is None:
        return request.session.get(CURRENT) == bag.key
    return request.user.is_authenticated and request.user.pk == bag.owner_id


def current_bag(request: HttpRequest) -> Bag | None:
    key = request.session.get(CURRENT)
    bag = Bag.objects.filter(key=key).first() if key else None
    return bag if bag and may_change(request, bag) else None


def current_or_new(request: HttpRequest) -> Bag:
    return current_bag(request) or new_bag(request)


def new_bag(request: HttpRequest, name: str = "") -> Bag:
    """An empty bag, the visitor's own from now on."""
    bag = Bag.objects.create(owner=request.user if request.user.is_authenticated else None, name=name)
    hold(request, bag)
    return bag


def hold(request: HttpRequest, bag: Bag) -> None:
    """Make this bag the one that the visitor fills, and remember it for as long as it is kept."""
    request.session[CURRENT] = bag.key
    if bag.owner_id is None:
        request.session.set_expiry(settings.BAG_DAYS * 24 * 3600)


def count_icons(request: HttpRequest) -> int:
    """Icons in the visitor's bag; no question to the database for those who have none."""
    key = request.session.get(CURRENT)
    return BagIcon.objects.filter(bag__key=key).count() if key else 0
