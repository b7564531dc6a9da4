"""The addresses of the searches: pages, the API, and the old system's `/upload`."""

from django.urls import path

from search.api import ImageSearch, WordSearch
from search.legacy import old_upload
from search.picture_views import kept_picture, kept_search_page, search_page
from search.word_views import words_page

urlpatterns = [
    path("", search_page, name="search"),
    path("find/<slug:key>/", kept_search_page, name="kept-search"),
    path("find/<slug:key>/picture", kept_picture, name="kept-picture"),
    path("icons/", words_page, name="words"),
    path("upload", old_upload, name="old-upload"),
    path("api/v1/search/image/", ImageSearch.as_view(), name="api-search-image"),
    path("api/v1/search/words/", WordSearch.as_view(), name="api-search-words"),
]
