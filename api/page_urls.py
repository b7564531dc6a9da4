"""The pages for people who use the API: their keys, and what there is."""

from django.urls import path

from api import key_views
from api.views import docs

urlpatterns = [
    path("api/", docs.docs_page, name="api-docs"),
    path("keys/", key_views.keys_page, name="api-keys"),
    path("keys/<int:id>/delete/", key_views.delete_key, name="api-key-delete"),
]
