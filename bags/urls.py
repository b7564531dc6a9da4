from django.urls import path

from bags import views

urlpatterns = [
    path("bag/", views.my_bag, name="bag"),
    path("bag/change/", views.change, name="bag-change"),
    path("bag/new/", views.begin, name="bag-new"),
    path("bag/icons.json", views.inside, name="bag-icons"),
    path("bags/<slug:key>/", views.bag_page, name="bag-page"),
    path("bags/<slug:key>/edit/", views.edit, name="bag-edit"),
    path("bags/<slug:key>/take/", views.take, name="bag-take"),
    path("bags/<slug:key>/<str:file_format>", views.download, name="bag-download"),
]
