"""The addresses of the searches: pages, and the old system's `/upload`."""

from django.urls import path

from search.legacy import old_upload
from search.picture_views import kept_picture, kept_search_page, search_page
from search.word_views import words_page

urlpatterns = [
    path("", search_page, name="search"),
    path("find/<slug:key>/", kept_search_page, name="kept-search"),
    path("find/<slug:key>/picture", kept_picture, name="kept-picture"),
    path("icons/", words_page, name="words"),
    path("upload", old_upload, name="old-upload"),
]
