"""The keys of programs in the admin."""

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from api.models import ApiKey, Scope
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
