"""What happens to the current bag when somebody signs in."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from bags.current_bag import SESSION_KEY, make_current
from bags.models import Bag


@receiver(user_logged_in)
def keep_bag(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Give the icons that a visitor collected before signing in to the visitor's account, as a bag of their own.

    They are not mixed with the bags of the account. A visitor who collected nothing goes on with the bag that they
    changed last.
    """
    request.session.set_expiry(None)  # from now on it lasts as long as every session of people who have signed in
    bag = Bag.objects.filter(key=request.session.pop(SESSION_KEY, ""), owner=None).first()
    if bag and bag.bagicon_set.exists():
        bag.owner = user
        bag.save(update_fields=["owner"])
    else:
        bag = Bag.objects.filter(owner=user).first()
    if bag:
        make_current(request, bag)
