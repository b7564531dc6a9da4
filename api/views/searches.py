"""The searches for programs: by words, by one picture, by several, and which of many the library has."""

import time
from collections.abc import Iterator
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiExample, extend_schema
from PIL import Image
from rest_framework.request import Request
from rest_framework.response import Response

from api.base import ApiView
from api.described import NARROWING, STRINGS, number, problems, text
from api.picture_answers import answer_data, hit_data, icon_data
from api.pictures import pictures_in
from api.problems import FieldErrors, problem
from api.serializers.searches import (
    BatchAnswerSerializer,
    PictureAnswerSerializer,
    PicturesAnswerSerializer,
    WordAnswerSerializer,
)
from icons.batches import batched
from search.batch_search import AT_ONCE, best_of_each
from search.forms import MISSING, FilterForm, ImageSearchForm, WordSearchForm
from search.in_style import icons_in_style
from search.picture_search import read_picture
from search.progress import answering_model
from search.sketches import search_by_sketch
from search.uploads import open_upload, status_of
from search.vision.crops import WHOLE
from search.words.look_up import search_by_words

SEVERAL = 16  # pictures that are answered in full at once
BATCH = 500  # pictures of which it is told whether the library has them
SCORE = gettext_lazy("The score must be a number from 0 to 1.")
SCORE_ERRORS = dict.fromkeys(("invalid", "min_value", "max_value"), SCORE)

FILTER_FIELDS: dict[str, Any] = {
    **dict.fromkeys(("set", "licence", "style", "tag", "category"), STRINGS),
    "palette": {"type": "string", "enum": ["mono", "colour"]},
    "words": {"type": "string", "description": "Only icons that these words find.", "maxLength": 200},
}
PICTURE_FIELDS: dict[str, Any] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": settings.SEARCH_MAX_LIMIT, "default": settings.SEARCH_LIMIT},
    "crop": {"type": "string", "description": "x,y,w,h in fractions of the picture: the part that shows the icon."},
    "min_score": {"type": "number", "minimum": 0, "maximum": 1},
    "sketch": {"type": "string", "enum": ["", "1"], "description": "1 where the picture was drawn by hand."},
    **FILTER_FIELDS,
}
FILE: dict[str, Any] = {"type": "string", "format": "binary"}
IN_JSON: dict[str, Any] = {"type": "string", "description": "Base64, a data URI, or the source of an SVG."}
PARAMETERS = [
    *NARROWING,
    number("limit", "Results to return.", 1, settings.SEARCH_MAX_LIMIT, settings.SEARCH_LIMIT),
]


def body_of(field: str, fields: dict[str, Any], most: int = 1) -> dict[str, Any]:
    """What a search by picture takes, for the schema."""
    as_file: dict[str, Any] = FILE
    as_json: dict[str, Any] = IN_JSON
    if most > 1:
        named = {"type": "object", "required": ["image"], "properties": {"name": {"type": "string"}, "image": IN_JSON}}
        as_json = {"type": "array", "maxItems": most, "minItems": 1, "items": {"anyOf": [IN_JSON, named]}}
        as_file = {"type": "array", "maxItems": most, "minItems": 1, "items": FILE}
    body = {
        "multipart/form-data": {"type": "object", "required": [field], "properties": {field: as_file, **fields}},
        "application/json": {"type": "object", "required": [field], "properties": {field: as_json, **fields}},
    }
    return body if most > 1 else body | {"image/*": FILE}


class ScoreForm(ImageSearchForm):
    """A search by picture for programs, which may want sure results alone."""

    min_score = forms.FloatField(required=False, min_value=0, max_value=1, error_messages=SCORE_ERRORS)


class WordSearch(ApiView):
    """The search by words."""

    scope = "search"
    fields_at_top = True

    @extend_schema(
        operation_id="search_words",
        parameters=[
            text("q", "Words in English or Chinese, or an id such as mdi:home.", required=True),
            number("offset", "Results to skip.", 0, 1_000_000, 0),
            *PARAMETERS,
        ],
        responses={200: WordAnswerSerializer, **problems(400)},
    )
    def get(self, request: Request) -> Response:
        """Icons that words find, the best first."""
        form = WordSearchForm(request.query_params)
        if not form.is_valid():
            raise FieldErrors(form.errors)
        data = form.cleaned_data
        answer = search_by_words(data["q"], data["limit"], data["offset"], form.to_filter().resolve_for_words())
        results = [icon_data(request, icon) for icon in answer.icons]
        return Response({"total": answer.total, "left_out": answer.left_out, "results": results})


class ImageSearch(ApiView):
    """The search by one picture."""

    scope = "search"
    fields_at_top = True
    # Django parses the body, not DRF, so that its size is known to be allowed before it is read.
    parser_classes = ()

    @extend_schema(
        operation_id="search_image",
        request=body_of("image", PICTURE_FIELDS),
        responses={200: PictureAnswerSerializer, **problems(400, 413, 415)},
        examples=[
            OpenApiExample(
                "An SVG that was found somewhere",
                {"image": '<svg viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>', "limit": 3},
                request_only=True,
                media_type="application/json",
            )
        ],
    )
    def post(self, request: Request) -> Response:
        """Icons that look like a picture, the best first; of a screenshot, also each of its icons and their sets.

        The picture is sent as a file of a form, as JSON, or as the body itself with its content type; then the other
        fields are parameters of the address.
        """
        fields, files = pictures_in(request._request, "image", 1)
        return Response(self.answer(request, fields, files[0] if files else None))

    def answer(self, request: Request, fields: QueryDict, file: UploadedFile | None) -> dict[str, Any]:
        """The answer to one picture. Raises FieldErrors, with status 413 where the picture alone is too large."""
        form = ScoreForm(fields, {"image": file} if file else {})  # type: ignore[arg-type]
        if not form.is_valid():
            statuses = {status_of(error) for error in form.errors.as_data().get("image", [])}
            raise FieldErrors(form.errors, max(statuses, default=400))
        data, least = form.cleaned_data, form.cleaned_data["min_score"] or 0.0
        if data["sketch"]:
            return answer_data(request, search_by_sketch(data["image"], data["limit"], form.to_filter()), least)
        picture = read_picture(data["image"], regions=data["crop"] == WHOLE)  # a part that was chosen is one icon
        reply = answer_data(request, picture.search(data["limit"], form.to_filter()), least)
        if data["words"]:
            in_style = icons_in_style(picture, form.to_filter(), data["limit"])
            reply["in_style"] = [icon_data(request, icon) for icon in in_style]
        return reply


class ImagesSearch(ImageSearch):
    """The search by several pictures."""

    fields_at_top = False

    @extend_schema(
        operation_id="search_images",
        request=body_of("image", PICTURE_FIELDS, SEVERAL),
        responses={200: PicturesAnswerSerializer, **problems(400, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """The answers to several pictures, each as to one picture; other fields hold for all of them."""
        fields, files = pictures_in(
            request._request, "image", SEVERAL, min(SEVERAL * settings.UPLOAD_MAX_BYTES, settings.BATCH_MAX_BYTES)
        )
        if not files:
            raise FieldErrors({"image": [MISSING]})
        return Response({"answers": [self.entry(request, fields, file) for file in files]})

    def entry(self, request: Request, fields: QueryDict, file: UploadedFile) -> dict[str, Any]:
        """The answer to one of them, or its problem where the picture is what is wrong. Raises FieldErrors."""
        name = file.name or ""
        try:
            return {"name": name, **self.answer(request, fields, file)}
        except FieldErrors as error:
            if set(error.more["errors"]) != {"image"}:
                raise
            return {"name": name, "problem": problem(error.status_code, error.sentence, error.code)}


class BatchSearch(ApiView):
    """Which of many pictures the library has."""

    scope = "search"
    parser_classes = ()

    @extend_schema(
        operation_id="search_batch",
        request=body_of("image", FILTER_FIELDS, BATCH),
        responses={200: BatchAnswerSerializer, **problems(400, 413, 415)},
    )
    def post(self, request: Request) -> Response:
        """Which of up to 500 pictures, each of one icon, the library has.

        After BATCH_SECONDS the answer tells what is known by then; `left` are the pictures that are to be sent again.
        """
        started = time.monotonic()
        fields, files = pictures_in(request._request, "image", BATCH, settings.BATCH_MAX_BYTES)
        form = FilterForm(fields)
        if not files:
            raise FieldErrors({"image": [MISSING]})
        if not form.is_valid():
            raise FieldErrors(form.errors)
        answers: list[dict[str, Any]] = []
        for numbered in batched(enumerate(files), AT_ONCE):
            answers += self.entries(request, form, numbered)
            if time.monotonic() - started > settings.BATCH_SECONDS:
                break
        return Response(
            {
                "model": answering_model().id,
                "took_ms": round(1000 * (time.monotonic() - started), 1),
                "answers": answers,
                "left": list(range(len(answers), len(files))),
            }
        )

    def entries(
        self, request: Request, form: FilterForm, numbered: list[tuple[int, UploadedFile]]
    ) -> Iterator[dict[str, Any]]:
        """The answers to some of the pictures, each with its place and name."""
        opened = [self.opened(file) for _index, file in numbered]
        pictures = [picture for picture in opened if not isinstance(picture, dict)]
        hits = iter(best_of_each(pictures, form.to_filter()))
        for (index, file), picture in zip(numbered, opened, strict=True):
            entry: dict[str, Any] = {"index": index, "name": file.name or "", "have": False}
            if isinstance(picture, dict):
                entry["problem"] = picture
            elif hit := next(hits):
                entry |= {"have": hit.is_present, "best": hit_data(request, hit)}
            yield entry

    def opened(self, file: UploadedFile) -> Image.Image | dict[str, Any]:
        """The picture in a file, or the problem with it."""
        try:
            return open_upload(file)
        except ValidationError as error:
            return problem(status_of(error), " ".join(error.messages))
