"""The one way in: packs of drawings are cleaned and written to the database in batches."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from icons.batches import batched
from icons.importing.packs import Drawing, Pack, Rejected, SetInfo, SourceError
from icons.models import Icon, IconSet, ImportRun
from icons.names import is_name
from icons.signals import icons_changed

METADATA = ("name_en", "name_zh", "file_name", "tags", "category", "aliases", "hidden")
DRAWN = ("svg", "view_box", "svg_hash", "coloured", "pale")

Progress = Callable[[Pack, int], None]  # the pack being read, and how many more of its icons are done


class Stopped(Exception):
    """Somebody asked this run to stop."""


def run_import(
    run: ImportRun, packs: Iterable[Pack | Rejected], prune: bool = False, progress: Progress | None = None
) -> None:
    """Write all packs; `run`, claimed by the caller, tells the counts as it goes and how it ended.

    Idempotent: icons that have not changed are skipped, so a run that was stopped goes on from there. With
    `prune`, icons that a pack no longer has are deleted once the whole pack was read.
    """
    try:
        for pack in packs:
            if isinstance(pack, Rejected):
                _write_batch(run, None, [pack])
            else:
                _import_pack(run, pack, prune, progress or (lambda pack, done: None))
    except Stopped:
        return  # whoever asked has written down why
    except SourceError as error:
        run.finish(ImportRun.Status.FAILED, str(error))
    except Exception as error:
        run.finish(ImportRun.Status.FAILED, f"{type(error).__name__}: {error}")
        raise
    else:
        run.finish(ImportRun.Status.DONE)


def _import_pack(run: ImportRun, pack: Pack, prune: bool, progress: Progress) -> None:
    icon_set = save_set(pack.info)
    if pack.expected:
        run.expected = (run.expected or 0) + pack.expected
    names: set[str] = set()
    for batch in batched(pack.drawings, settings.IMPORT_BATCH):
        names.update(item.name for item in batch)
        _write_batch(run, icon_set, batch)
        progress(pack, len(batch))
    if prune:
        gone = set(icon_set.icons.values_list("name", flat=True)) - names
        for part in batched(sorted(gone), settings.IMPORT_BATCH):
            run.pruned += Icon.objects.filter(set=icon_set, name__in=part).delete_locked()


def save_set(info: SetInfo) -> IconSet:
    """The icon set of this prefix, with what the source knows of it."""
    known = {
        field: value
        for field in ("title", "licence", "licence_spdx", "author", "source", "version", "palette")
        if (value := getattr(info, field)) not in ("", None)
    }
    for field, value in known.items():
        if isinstance(value, str):
            known[field] = _storable(value, IconSet._meta.get_field(field).max_length)
    icon_set, created = IconSet.objects.update_or_create(
        prefix=info.prefix, defaults=known, create_defaults={"title": info.prefix, **known}
    )
    return icon_set


def _write_batch(run: ImportRun, icon_set: IconSet | None, batch: list[Drawing | Rejected]) -> None:
    problems: list[tuple[str, str]] = []
    icons: dict[str, Icon] = {}
    for item in batch:
        name = f"{icon_set.prefix}:{item.name}" if icon_set else item.name
        try:
            if isinstance(item, Rejected) or icon_set is None:
                raise ValidationError(getattr(item, "reason", ""))
            icons[item.name] = _icon(icon_set, item)
        except ValidationError as error:
            problems.append((name, " ".join(error.messages)))
    with transaction.atomic():
        if icon_set and icons:
            _upsert(run, icon_set, icons)
        run.rejected += len(problems)
        run.keep_problems(problems)
        _save_progress(run)


def _icon(icon_set: IconSet, drawing: Drawing) -> Icon:
    if not is_name(drawing.name):
        raise ValidationError(_("The name is not lower-case letters, digits and single hyphens."))
    metadata = {field: getattr(drawing, field) for field in METADATA}
    metadata["tags"] = [_storable(tag, 100) for tag in drawing.tags]
    metadata["aliases"] = [alias for alias in drawing.aliases if is_name(alias)]
    for field in ("name_en", "name_zh", "file_name", "category"):
        metadata[field] = _storable(metadata[field], Icon._meta.get_field(field).max_length)
    icon = Icon(set=icon_set, name=drawing.name, updated_at=timezone.now(), **metadata)
    icon.redraw(drawing.svg)
    return icon


def _storable(text: str, length: int | None) -> str:
    """What Postgres takes as text: no NUL, no half of a UTF-16 pair; at most `length` characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()[:length]


def _upsert(run: ImportRun, icon_set: IconSet, icons: dict[str, Icon]) -> None:
    stored = {icon.name: icon for icon in icon_set.icons.filter(name__in=icons).defer("svg", "view_box")}
    fresh, touched = [], []
    for name in sorted(icons):  # one order for all writers: they cannot lock each other out
        new, old = icons[name], stored.get(name)
        if old is None or old.svg_hash != new.svg_hash or old.hidden != new.hidden:
            fresh.append(new)
        elif any(getattr(old, field) != getattr(new, field) for field in METADATA):
            touched.append(new)
    written = Icon.objects.bulk_create(
        sorted(fresh + touched, key=lambda icon: icon.name),
        update_conflicts=True,
        unique_fields=["set", "name"],
        update_fields=[*DRAWN, *METADATA, "updated_at"],
    )
    added = sum(icon.name not in stored for icon in written)
    run.added += added
    run.changed += len(written) - added
    run.unchanged += len(icons) - len(written)
    if written:
        names = {icon.name for icon in fresh}
        redrawn = [icon.pk for icon in written if icon.name in names]
        icons_changed.send(Icon, pks=[icon.pk for icon in written], redrawn=redrawn)


def _save_progress(run: ImportRun) -> None:
    """Write the counts. Raises Stopped where the run is no longer to go on."""
    counts = {name: getattr(run, name) for name in ("added", "changed", "unchanged", "rejected", "pruned", "expected")}
    running = ImportRun.objects.filter(pk=run.pk, status=ImportRun.Status.RUNNING)
    if not running.update(**counts, updated_at=timezone.now()):
        raise Stopped
