from django.urls import path

from bags import download_views, views

urlpatterns = [
    path("bag/", views.my_bag, name="bag"),
    path("bag/change/", views.change_current_bag, name="bag-change"),
    path("bag/new/", views.begin_bag, name="bag-new"),
    path("bag/icons.json", views.current_icons, name="bag-icons"),
    path("bags/<slug:key>/", views.bag_page, name="bag-page"),
    path("bags/<slug:key>/edit/", views.edit_bag, name="bag-edit"),
    path("bags/<slug:key>/font/", download_views.font_page, name="bag-font"),
    path("bags/<slug:key>/take/", views.take_icons, name="bag-take"),
    path("bags/<slug:key>/<str:file_format>", download_views.download_bag, name="bag-download"),
    path("downloads/<slug:key>/", download_views.prepared_download, name="prepared-download"),
    path("downloads/<slug:key>/file", download_views.prepared_file, name="prepared-file"),
]
