"""The addresses of the API."""

from django.urls import path

from api.views import changes, docs, exports, operating, reading, related, searches, writing
from icons import converters  # noqa: F401  (registers `name`)

urlpatterns = [
    path("schema/", docs.SchemaView.as_view(), name="api-schema"),
    path("sets/", writing.Sets.as_view(), name="api-sets"),
    path("sets/<name:prefix>/", writing.Set.as_view(), name="api-set"),
    path("sets/<name:prefix>/icons/", reading.SetIconList.as_view(), name="api-set-icons"),
    path("icons/", writing.Icons.as_view(), name="api-icons"),
    path("icons/sets/", related.SetsHolding.as_view(), name="api-icons-sets"),
    path("icons/<name:prefix>:<name:name>/", writing.OneIcon.as_view(), name="api-icon"),
    path("icons/<name:prefix>:<name:name>/related/", related.RelatedIcons.as_view(), name="api-icon-related"),
    path("search/words/", searches.WordSearch.as_view(), name="api-search-words"),
    path("search/image/", searches.ImageSearch.as_view(), name="api-search-image"),
    path("search/images/", searches.ImagesSearch.as_view(), name="api-search-images"),
    path("search/batch/", searches.BatchSearch.as_view(), name="api-search-batch"),
    path("changes/", changes.Changes.as_view(), name="api-changes"),
    path("exports/", exports.Exports.as_view(), name="api-exports"),
    path("exports/<slug:key>/", exports.OneExport.as_view(), name="api-export"),
    path("exports/<slug:key>/file/", exports.ExportFile.as_view(), name="api-export-file"),
    path("imports/", operating.Imports.as_view(), name="api-imports"),
    path("imports/<int:id>/", operating.OneImport.as_view(), name="api-import"),
    path("imports/<int:id>/stop/", operating.StopImport.as_view(), name="api-import-stop"),
    path("index/", operating.Index.as_view(), name="api-index"),
    path("index/model/", operating.ModelOfIndex.as_view(), name="api-index-model"),
]
