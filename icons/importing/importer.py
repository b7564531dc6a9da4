"""The one way in: packs of icons are cleaned and written to the database in batches."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import partial

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Field, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from icons.batches import batched, batched_by_weight
from icons.importing.earlier import known_earlier
from icons.importing.guard import read_each
from icons.importing.keeping import keep_fields
from icons.importing.naming import keep_names
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError, SourceIcon
from icons.importing.writing import Written, write_earlier, write_icons
from icons.models import AttemptEnded, Icon, IconSet, ImportRun
from icons.names import is_name
from icons.set_usage import known_usage
from icons.texts import error_text, storable

BATCH_SIZE = 10_000_000  # characters of SVG in a batch, which bounds the memory that an import takes

Progress = Callable[[Pack, int], None]  # the pack being read, and how many more of its icons are done
Write = Callable[[IconSet, Mapping[str, Icon]], Written]  # writes cleaned icons, by name, to a set


@dataclass(frozen=True)
class _How:
    """How packs are imported; see `run_import`."""

    prune: bool
    earlier: bool
    progress: Progress


def run_import(
    run: ImportRun,
    packs: Iterable[Pack | Rejected],
    prune: bool = False,
    progress: Progress | None = None,
    earlier: bool = False,
) -> None:
    """Write all packs. The row of `run`, which the caller has claimed, shows the counts as they grow, and how it ended.

    Icons that have not changed are skipped, so an import that was stopped may be started again and goes on from there.
    With `prune`, icons that a pack no longer has are deleted once the whole pack was read. With `earlier`, the packs
    are earlier releases of sets that the database has; their drawings are kept, and nothing else changes. The counts
    are in the database; the object `run` does not follow them. An error of the source ends the run as FAILED; one of
    the database does so, too, and is raised.
    """
    how = _How(prune, earlier, progress or (lambda pack, done: None))
    packs_read = packs_rejected = 0
    notes: list[str] = []
    without_bitmaps: list[str] = []  # public ids
    try:
        for pack in packs:
            if isinstance(pack, Rejected):
                packs_rejected += 1
                _record(run, [(pack.name, pack.reason)], Written())
            else:
                packs_read += 1
                notes += [pack.note] if pack.note else []
                without_bitmaps += _import_pack(run, pack, how)
        if packs_rejected and not packs_read:
            raise SourceError(_("None of the source's files can be read."))
        _check_outcome(run)
    except AttemptEnded:
        return  # whoever ended it has written down why
    except SourceError as error:
        run.finish(ImportRun.Status.FAILED, str(error))
    except Exception as error:
        reason = _("The import was interrupted (%(why)s). The icons imported so far are kept.") % {
            "why": error_text(error)
        }
        run.finish(ImportRun.Status.FAILED, reason)
        raise
    else:
        run.finish(ImportRun.Status.DONE, " ".join([*notes, *_told(without_bitmaps)]))


def _told(icons: list[str]) -> list[str]:
    """A sentence on the icons, given by public id, that came in without their bitmaps; none where there are none."""
    if not icons:
        return []
    sentence = ngettext(
        "The icon %(icon)s is drawn without its bitmaps, which are too faint to be seen.",
        "%(count)s icons are drawn without their bitmaps, which are too faint to be seen. The first is %(icon)s.",
        len(icons),
    )
    return [sentence % {"count": len(icons), "icon": icons[0]}]


def _check_outcome(run: ImportRun) -> None:
    """Raises SourceError where no icon came in, with the reason for the first that was left out."""
    counts = ImportRun.objects.filter(pk=run.pk).first()
    if counts is None or counts.added + counts.changed + counts.unchanged + counts.pruned:
        return
    first = counts.problems.first()
    if first is None:
        raise SourceError(_("The source has no icons."))
    sentence = ngettext(
        "The icon %(icon)s cannot be used: %(reason)s",
        "None of the %(count)s icons can be used. The first is %(icon)s: %(reason)s",
        counts.rejected,
    )
    raise SourceError(sentence % {"count": counts.rejected, "icon": first.icon, "reason": first.reason})


def _import_pack(run: ImportRun, pack: Pack, how: _How) -> list[str]:
    """Import it; the public ids of the icons that are drawn without their bitmaps."""
    run.record(**({"expected": pack.expected} if pack.expected else {}))
    icon_set = _present_set(pack.info.prefix) if how.earlier else save_set(pack.info)
    try:
        return _import_icons(run, icon_set, pack, how)
    except IntegrityError:
        if IconSet.objects.filter(pk=icon_set.pk).exists():
            raise
        raise SourceError(_("The set %(prefix)s has just been deleted.") % {"prefix": icon_set.prefix}) from None


def _present_set(prefix: str) -> IconSet:
    """The set whose earlier release is imported. Raises SourceError."""
    icon_set = IconSet.objects.filter(prefix=prefix).first()
    if icon_set is None:
        raise SourceError(
            _("There is no set %(prefix)s: import its present release before an earlier one.") % {"prefix": prefix}
        )
    return icon_set


def _import_icons(run: ImportRun, icon_set: IconSet, pack: Pack, how: _How) -> list[str]:
    write = _writer(pack, how)
    names: set[str] = set()
    without_bitmaps: list[str] = []
    for batch in batched_by_weight(_named(pack, icon_set), settings.IMPORT_BATCH, _size, BATCH_SIZE):
        for item in batch:
            names.update((item.name, item.icon) if isinstance(item, Rejected) else (item.name,))
        icons, problems = _clean(icon_set, batch)
        with transaction.atomic():
            _record(run, problems, write(icon_set, icons) if icons else Written())
        without_bitmaps += [f"{icon_set.prefix}:{name}" for name, icon in icons.items() if icon.without_bitmaps]
        how.progress(pack, len(batch))
    if how.prune and pack.complete:
        gone = set(icon_set.icons.values_list("name", flat=True)) - names
        for gone_batch in batched(sorted(gone), settings.IMPORT_BATCH):
            with transaction.atomic():
                run.record(pruned=Icon.objects.filter(set=icon_set, name__in=gone_batch).delete_locked())
    if pack.iconify is not None and not how.earlier:
        keep_fields(icon_set, pack.iconify)
    return without_bitmaps


def _writer(pack: Pack, how: _How) -> Write:
    if how.earlier:
        return write_earlier
    known = known_earlier(pack.info.prefix) if pack.iconify is not None else {}
    return partial(write_icons, earlier=known)


def _named(pack: Pack, icon_set: IconSet) -> Iterable[SourceIcon | Rejected]:
    """The icons of the pack; those that come from files keep the names that the set knows them by."""
    if not pack.files:
        return pack.icons
    rows = icon_set.icons.exclude(file_name="").order_by("pk").values_list("name", "category", "file_name")
    return keep_names(pack.icons, ((name, (category, file)) for name, category, file in rows), pack.files)


def _size(item: SourceIcon | Rejected) -> int:
    return len(item.svg) if isinstance(item, SourceIcon) and isinstance(item.svg, str | bytes) else 0


def save_set(info: SetInfo) -> IconSet:
    """The icon set of this prefix, made or brought up to date with what the source knows of it."""
    known: dict[str, str | bool] = {
        field: _fit(IconSet, field, value)
        for field in ("title", "licence", "licence_spdx", "author", "source", "version")
        if (value := getattr(info, field))
    }
    if info.palette is not None:
        known["palette"] = info.palette
    # A public set that was not known when the list of usage was made is no set of the library's own.
    usage = 0 if info.public and info.prefix not in known_usage() else None
    icon_set, _created = IconSet.objects.update_or_create(
        prefix=info.prefix, defaults=known, create_defaults={"title": info.prefix, "usage": usage, **known}
    )
    return icon_set


def _clean(icon_set: IconSet, batch: list[SourceIcon | Rejected]) -> tuple[dict[str, Icon], list[tuple[str, str]]]:
    """The icons of a batch as they are to be stored, by name, and (public id, reason) of those left out."""
    icons: dict[str, Icon] = {}
    problems: list[tuple[str, str]] = []

    def read(item: SourceIcon | Rejected) -> Icon:
        if isinstance(item, Rejected):
            raise ValidationError(item.reason)
        return _icon(icon_set, item)

    for result in read_each(batch, read, lambda item, reason: Rejected(item.name, reason)):
        if isinstance(result, Rejected):
            problems.append((f"{icon_set.prefix}:{result.name}", result.reason))
        else:
            icons[result.name] = result
    return icons, problems


def _record(run: ImportRun, problems: list[tuple[str, str]], written: Written) -> None:
    """Add to the counts and the problems of the run. Raises AttemptEnded."""
    with transaction.atomic():
        run.record(rejected=len(problems), **asdict(written))
        run.keep_problems(problems)


def _icon(icon_set: IconSet, source_icon: SourceIcon) -> Icon:
    """The icon to be stored, its drawing cleaned. Raises ValidationError."""
    if not all(map(is_name, (source_icon.name, *source_icon.aliases))):
        raise ValidationError(_("The name must consist of lower-case letters, digits and single hyphens."))
    icon = Icon(
        set=icon_set,
        name=source_icon.name,
        tags=[storable(tag, 100) for tag in source_icon.tags],
        aliases=list(source_icon.aliases),
        hidden=source_icon.hidden,
        updated_at=timezone.now(),
    )
    for field in ("name_en", "name_zh", "file_name", "category"):
        setattr(icon, field, _fit(Icon, field, getattr(source_icon, field)))
    icon.redraw(source_icon.svg)
    return icon


def _fit(model: type[Model], field: str, text: str) -> str:
    """The text as the model's field can hold it."""
    column = model._meta.get_field(field)
    assert isinstance(column, Field)
    return storable(text, column.max_length)
