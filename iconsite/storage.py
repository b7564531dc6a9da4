"""How static files are stored: compressed, and under names with a hash of their contents."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Renames scripts that other scripts import, too."""

    support_js_module_import_aggregation = True
