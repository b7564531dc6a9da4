"""The API by which programs read sets and icons; that of the search by picture is in the `search` app."""

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.pagination import CursorPagination

from icons.models import Icon, IconSet
from icons.serializers import IconDetailSerializer, IconSerializer, IconSetSerializer


class SetPagination(CursorPagination):
    """Pages of sets by prefix."""

    ordering = "prefix"
    page_size = 1000


class IconPagination(CursorPagination):
    """Pages of a set's icons by name."""

    ordering = "name"
    page_size = 100


class IconSetList(ListAPIView):
    """All sets, by prefix."""

    queryset = IconSet.objects.all()
    serializer_class = IconSetSerializer
    pagination_class = SetPagination


class SetIconList(ListAPIView):
    """The visible icons of a set, by name."""

    serializer_class = IconSerializer
    pagination_class = IconPagination

    def get_queryset(self) -> QuerySet[Icon]:
        icon_set = get_object_or_404(IconSet, prefix=self.kwargs["prefix"])
        return Icon.objects.visible().filter(set=icon_set).select_related("set").defer("svg")


class IconDetail(RetrieveAPIView):
    """One icon with its SVG source, by name or alias."""

    serializer_class = IconDetailSerializer

    def get_object(self) -> Icon:
        icon = Icon.objects.find(**self.kwargs)
        if icon is None:
            raise Http404
        return icon
