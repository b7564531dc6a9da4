"""The current bag, the one that a visitor fills. The session holds its key, or none where the visitor has no bag."""

from django.conf import settings
from django.http import HttpRequest

from bags.models import Bag, BagIcon

SESSION_KEY = "bag"  # the session's entry with the key of the current bag


def may_change(request: HttpRequest, bag: Bag) -> bool:
    """Whether this visitor may change the bag: its owner may, or, if it has no owner, the session that filled it."""
    if bag.owner_id is None:
        return bool(request.session.get(SESSION_KEY) == bag.key)
    return request.user.is_authenticated and request.user.pk == bag.owner_id


def current_bag(request: HttpRequest) -> Bag | None:
    """The bag that the visitor fills, or None."""
    key = request.session.get(SESSION_KEY)
    bag = Bag.objects.filter(key=key).first() if key else None
    return bag if bag and may_change(request, bag) else None


def current_or_new_bag(request: HttpRequest) -> Bag:
    """The bag that the visitor fills; a visitor without one gets an empty bag, which is not yet the current one."""
    return current_bag(request) or create_bag(request)


def create_bag(request: HttpRequest, name: str = "") -> Bag:
    """An empty bag that belongs to the visitor, if they have signed in; it is not yet the current one."""
    return Bag.objects.create(owner=request.user if request.user.is_authenticated else None, name=name)


def make_current(request: HttpRequest, bag: Bag) -> None:
    """Have the visitor fill this bag from now on, and keep the session for as long as the bag is kept."""
    request.session[SESSION_KEY] = bag.key
    if bag.owner_id is None:
        request.session.set_expiry(settings.BAG_DAYS * 24 * 3600)


def count_icons(request: HttpRequest) -> int:
    """The number of icons in the visitor's bag. A visitor without a bag costs no query."""
    key = request.session.get(SESSION_KEY)
    return BagIcon.objects.filter(bag__key=key).count() if key else 0
