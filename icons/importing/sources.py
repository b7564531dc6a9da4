"""From what a person names (a path, a URL, a package) to the packs of icons in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from icons.importing import graphql, iconify_json, legacy_json, npm, svg_files, tool_json, zip_files
from icons.importing.guard import reading
from icons.importing.packs import Pack, Rejected, SetInfo, SourceError
from icons.names import is_name, to_name


@dataclass(frozen=True)
class Options:
    """What a source cannot know itself."""

    prefix: str = ""
    title: str = ""
    licence: str = ""
    licence_spdx: str = ""
    graphql: bool = False
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    file_name: str = ""  # the client's name for an uploaded file, which is stored under another

    def info(self, name: str) -> SetInfo:
        """What these options say of the set, with a prefix made of the name where they say none. Raises SourceError."""
        prefix = self.prefix or to_name(name)
        if not is_name(prefix):
            raise SourceError(
                _("No prefix can be made from %(name)r. Enter one of lower-case letters, digits and hyphens.")
                % {"name": name}
            )
        return SetInfo(prefix, self.title or prefix, licence=self.licence, licence_spdx=self.licence_spdx)


def open_source(source: str, options: Options) -> Iterator[Pack | Rejected]:
    """The packs of one source, read lazily. Raises SourceError, also while iterating, and nothing else."""
    if options.prefix and not is_name(options.prefix):
        raise SourceError(
            _("The prefix %(prefix)r must consist of lower-case letters, digits and single hyphens.")
            % {"prefix": options.prefix}
        )
    try:
        with reading(options.file_name or source):
            for pack in _packs(source, options):
                yield pack if isinstance(pack, Rejected) else _with_options(pack, options)
    except SourceError as error:
        if not options.file_name:
            raise
        # People know a file that they have uploaded by their own name for it.
        raise SourceError(str(error).replace(Path(source).name, options.file_name)) from error


def _packs(source: str, options: Options) -> Iterator[Pack | Rejected]:
    if options.graphql:
        if urlsplit(source).scheme not in ("http", "https"):
            raise SourceError(_("%(url)s is not an http or https address.") % {"url": source})
        info = options.info(urlsplit(source).hostname or "")
        yield graphql.read_pack(source, info, options.query, options.headers)
    elif source.startswith("npm:"):
        yield from npm.read_package(source.removeprefix("npm:"))
    else:
        yield from _local(Path(source), options)


def _local(path: Path, options: Options) -> Iterator[Pack | Rejected]:
    name = options.file_name or path.resolve().name
    stem, ending = name.rpartition(".")[0] or name, name.rpartition(".")[2].lower()
    if path.is_dir():
        yield from _folder(path, options.info(name) if options.prefix or to_name(name) else options.info("icons"))
    elif not path.exists():
        raise SourceError(_("%(path)s does not exist.") % {"path": path})
    elif ending == "zip":
        yield from zip_files.read_zip(path, options.info(stem))
    elif ending == "json":
        yield from _json(path, stem, options)
    elif f".{ending}" in svg_files.ENDINGS:
        yield svg_files.read_file(path, options.info(stem), name)
    else:
        raise SourceError(_("%(name)s is neither a folder nor a .svg, .json or .zip file.") % {"name": name})


def _json(path: Path, stem: str, options: Options) -> Iterator[Pack | Rejected]:
    data: Any = iconify_json.load_json(path)
    for item in data if isinstance(data, list) and data else [data]:
        if isinstance(item, dict) and isinstance(item.get("icons"), dict) and not is_name(str(item.get("prefix", ""))):
            # Some tools leave the prefix out, or write it as people would.
            item["prefix"] = options.info(str(item.get("prefix") or stem)).prefix
        if iconify_json.is_iconify(item):
            yield iconify_json.read_data(item, path)
        else:
            info = options.info(stem)
            yield tool_json.read_pack(item, info) or legacy_json.read_pack(legacy_json.find_icons(item), info)


def _folder(path: Path, info: SetInfo) -> Iterator[Pack | Rejected]:
    """The packs of a folder: those of an npm package with Iconify JSON, else its SVG files, else its JSON files."""
    for package in (path, path.parent) if path.name == "json" else (path,):
        if (package / "package.json").exists() and ((package / "icons.json").exists() or (package / "json").is_dir()):
            yield from npm.read_unpacked(package, package.name)
            return
    files = [file for file in sorted(path.glob("*.json")) if file.name not in ("info.json", "package.json")]
    # Repositories keep other .json files beside their icons, for their tools or with what is known of each icon.
    if files and next(svg_files.svg_paths(path, []), None) is None:
        yield from iconify_json.read_files(files)
    else:
        yield svg_files.read_folder(path, info)


def _with_options(pack: Pack, options: Options) -> Pack:
    """The pack with what the person said of it, which outranks what the source says."""
    fields = {key: value for key in ("prefix", "title", "licence", "licence_spdx") if (value := getattr(options, key))}
    return replace(pack, info=replace(pack.info, **fields)) if fields else pack
