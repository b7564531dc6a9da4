from django.urls import path

from search.api import ImageSearch
from search.views import old_upload, search_page, words_page

urlpatterns = [
    path("", search_page, name="search"),
    path("icons/", words_page, name="words"),
    path("upload", old_upload, name="old-upload"),
    path("api/v1/search/image/", ImageSearch.as_view(), name="api-search-image"),
]
