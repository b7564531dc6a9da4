"""The page of a person's own API keys."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from api.models import ApiKey, Scope

MOST_KEYS = 50  # of one person


class KeyForm(forms.Form):
    """A new key."""

    name = forms.CharField(max_length=100, label=gettext_lazy("What is the key for?"))
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ, Scope.SEARCH],
        label=gettext_lazy("What may it be used for?"),
    )
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[
            (30, gettext_lazy("after 30 days")),
            (365, gettext_lazy("after a year")),
            (0, gettext_lazy("never")),
        ],
        initial=365,
        label=gettext_lazy("When does it expire?"),
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables("secret")
def keys_page(request: HttpRequest) -> HttpResponse:
    """The keys of whoever has signed in; a new one is shown on the page that answers its making, and never again."""
    form = KeyForm(request.POST if request.method == "POST" else None, label_suffix="")
    keys = ApiKey.objects.filter(owner=request.user.pk)
    ctx: dict[str, Any] = {"keys": keys, "form": form}
    if request.method == "POST" and form.is_valid():
        if keys.count() >= MOST_KEYS:
            form.add_error(None, _("You have as many keys as one person may have: delete one that you do not need."))
        else:
            data = form.cleaned_data
            expires_at = timezone.now() + timedelta(days=data["days"]) if data["days"] else None
            owner = cast(User, request.user)  # since somebody has signed in
            made, secret = ApiKey.objects.issue(owner, data["name"], data["scopes"], expires_at)
            ctx |= {"made": made, "secret": secret, "form": KeyForm(label_suffix="")}
    return render(request, "api/keys.html", ctx, status=400 if form.errors else 200)


@login_required
@require_POST
def delete_key(request: HttpRequest, id: int) -> HttpResponse:
    """Delete a key of whoever has signed in, which ends its use at once. Raises Http404."""
    if not ApiKey.objects.filter(owner=request.user.pk, pk=id).delete()[0]:
        raise Http404(_("There is no such key."))
    return redirect("api-keys")
