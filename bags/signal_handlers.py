"""What follows when somebody signs in."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from bags.current_bag import CURRENT, hold
from bags.models import Bag


@receiver(user_logged_in)
def keep_bag(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """What somebody collected before signing in stays the bag that they see, and becomes theirs.

    It is not mixed with what they have; those who come with nothing find the bag that they changed last.
    """
    request.session.set_expiry(None)  # as long as other sessions of people who sign in
    collected = Bag.objects.filter(key=request.session.pop(CURRENT, ""), owner=None).first()
    if collected and collected.bagicon_set.exists():
        collected.owner = user
        collected.save(update_fields=["owner"])
    else:
        collected = Bag.objects.filter(owner=user).first()
    if collected:
        hold(request, collected)
