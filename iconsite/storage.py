from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Files under names with a hash of their contents, also where one script imports another."""

    support_js_module_import_aggregation = True
