"""The keys of programs, and webhooks, in the admin."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from api.models import ApiKey, Delivery, Scope, Webhook
from api.models.keys import new_secret


class ApiKeyForm(forms.ModelForm):
    """A key, whose scopes are ticked."""

    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label=gettext_lazy("allowed")
    )


@admin.register(ApiKey)
class ApiKeyAdmin(admin.ModelAdmin):
    """The keys of all people. The secret of a new one is shown once, on the page after it was made."""

    form = ApiKeyForm
    list_display = ["name", "start", "owner", "scope_list", "expires_at", "last_used_at"]
    list_filter = ["owner"]
    list_select_related = ["owner"]
    search_fields = ["name", "start", "owner__username"]
    fields = ["owner", "name", "scopes", "expires_at", "rate", "start", "created_at", "last_used_at"]
    readonly_fields = ["start", "created_at", "last_used_at"]

    @admin.display(description=gettext_lazy("allowed"))
    def scope_list(self, key: ApiKey) -> str:
        """A column: what the key may be used for."""
        return ", ".join(key.scope_labels)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        return [*self.readonly_fields, "owner"] if obj else self.readonly_fields

    @sensitive_variables("secret")
    def save_model(self, request: HttpRequest, obj: ApiKey, form: forms.ModelForm, change: bool) -> None:
        if not change:
            secret = new_secret()
            obj.take_secret(secret)
            sentence = _("The key is %(secret)s – copy it now: it is not shown again.") % {"secret": secret}
            self.message_user(request, sentence, messages.WARNING)
        super().save_model(request, obj, form, change)


@admin.register(Webhook)
class WebhookAdmin(admin.ModelAdmin):
    """Addresses that are told of changes."""

    list_display = ["url", "sets", "active", "due_at"]
    list_filter = ["active"]
    fields = ["url", "sets", "active", "secret", "due_at", "created_at"]
    readonly_fields = ["secret", "due_at", "created_at"]
    actions = ["try_now"]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def get_fields(self, request: HttpRequest, obj: Webhook | None = None) -> Any:
        """What a new webhook does not have yet is not shown: another secret would be stored than the page had."""
        return [name for name in self.fields if obj or name not in self.readonly_fields]

    @admin.action(description=gettext_lazy("Switch on, and try again now"), permissions=["change"])
    def try_now(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Have the selected webhooks told what they have missed."""
        Delivery.objects.filter(webhook__in=queryset, delivered=False).update(attempts=0)
        queryset.update(active=True, due_at=timezone.now())
        self.message_user(request, _("They are told within some seconds."), messages.SUCCESS)


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):
    """Messages to webhooks, to look at."""

    list_display = ["webhook", "changes", "attempts", "delivered", "answer", "updated_at"]
    list_display_links = None
    list_filter = ["delivered", "webhook"]
    list_select_related = ["webhook"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        return False
