"""The tasks that run periodically; iconsite.settings takes what is here."""

from typing import Any

from iconsite.environment import env_int


def every(seconds: int, task: str) -> dict[str, Any]:
    """An entry of the schedule: a task that is queued so often.

    A message that no worker takes before the next one is queued expires, since it would do nothing that the next one
    does not do.
    """
    return {"task": task, "schedule": seconds, "options": {"expires": seconds}}


SWEEP_SECONDS = env_int("SWEEP_SECONDS", 60)  # between two looks for icons that are not indexed
CELERY_BEAT_SCHEDULE = {
    "sweep": every(SWEEP_SECONDS, "search.tasks.sweep"),
    "sweep-terms": every(60, "search.tasks.sweep_terms"),
    "sweep-styles": every(60, "search.tasks.sweep_styles"),
    "delete-old-pictures": every(60, "search.tasks.delete_old_pictures"),
    "sweep-bags": every(24 * 3600, "bags.tasks.delete_old_bags"),
    "clean-anew": every(60, "icons.tasks.clean_anew"),
    "send-webhooks": every(10, "api.tasks.send_webhooks"),
    "tidy-api": every(3600, "api.tasks.tidy"),
    "resume-imports": every(10, "icons.tasks.resume_imports"),
    "resume-downloads": every(10, "bags.tasks.resume_downloads"),
    "delete-old-downloads": every(300, "bags.tasks.delete_old_downloads"),
    "resume-exports": every(10, "iconify.tasks.resume_exports"),
    "delete-old-exports": every(300, "iconify.tasks.delete_old_exports"),
    "fold-changes-of-sets": every(24 * 3600, "iconify.tasks.fold_changes"),
}
