"""Settings of the libraries behind the API, which no environment variable changes; iconsite.settings takes them."""

from corsheaders.defaults import default_headers

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.KeyAuthentication", "api.authentication.BrowserSession"],
    "DEFAULT_PERMISSION_CLASSES": ["api.authentication.Allowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.Schema",
    "EXCEPTION_HANDLER": "api.error_handler.handle",
    "UNAUTHENTICATED_USER": None,
}
CORS_URLS_REGEX = r"^/(api/|mcp$)"
CORS_ALLOW_METHODS = ["GET", "HEAD", "OPTIONS", "POST"]  # POST only to searches: see api.cross_origin
CORS_ALLOW_HEADERS = (*default_headers, "mcp-protocol-version", "mcp-method", "mcp-name", "mcp-session-id")
CORS_EXPOSE_HEADERS = ["ETag", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Request-ID"]
SPECTACULAR_SETTINGS = {
    "TITLE": "Iconsite",
    "VERSION": "1",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENUM_NAME_OVERRIDES": {
        "ExportStatusEnum": "icons.prepared_files.PreparedFile.Status",
        "ImportStatusEnum": "icons.models.ImportRun.Status",
        "StyleEnum": "search.styles.Style",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "api.schema.add_problems"],
}
