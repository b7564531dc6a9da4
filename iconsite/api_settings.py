"""Settings of the API, and of the libraries behind it, which no environment variable changes.

iconsite.settings takes all of them.
"""

from corsheaders.defaults import default_headers

from iconsite.environment import env_bool, env_float, env_int, env_list, env_networks

# Whether strangers may read, and search; writing needs a person's permission.
API_ANONYMOUS = {"read": env_bool("API_ANONYMOUS_READ", True), "search": env_bool("API_ANONYMOUS_SEARCH", True)}
API_ORIGINS = env_list("API_ORIGINS", "*")  # of pages elsewhere that may read and search; none may ever write
BATCH_SECONDS = env_float("BATCH_SECONDS", 20)  # after which a batch of pictures is answered as far as it is known
BATCH_MAX_BYTES = env_int("BATCH_MAX_BYTES", 100_000_000)  # of all pictures in one request
CHANGES_DAYS = env_int("CHANGES_DAYS", 90)  # for which it is kept what has changed
# Networks that are not public, which webhooks may post to; beside them, they may post to all that are public.
WEBHOOK_NETWORKS = env_networks("WEBHOOK_NETWORKS")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.authentication.KeyAuthentication", "api.authentication.BrowserSession"],
    "DEFAULT_PERMISSION_CLASSES": ["api.authentication.Allowed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JSONParser"],
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
