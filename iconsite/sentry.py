"""Errors go to Sentry where SENTRY_DSN says so: with neither pictures nor secrets, which variables and bodies hold."""

from iconsite.environment import env_float, env_str


def start_sentry(dsn: str) -> None:
    """Have uncaught errors of web servers and workers reported."""
    import sentry_sdk  # some hundred milliseconds, which only those pay who use it

    sentry_sdk.init(
        dsn,
        environment=env_str("SENTRY_ENVIRONMENT", "production"),
        traces_sample_rate=env_float("SENTRY_TRACES", 0),
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
    )
