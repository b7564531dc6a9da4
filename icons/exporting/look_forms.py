"""Forms that read a look from the parameters of an address; the icon page, files and the template tag use them."""

import re
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from icons.exporting.look import Look
from icons.exporting.svg_text import stroke_width, view_box_of
from icons.models import Icon
from icons.svg.colours import parse_colour
from icons.svg.markup import parse
from icons.svg.paints import Palette

HEX_DIGITS = re.compile(r"(?:[0-9a-f]{3}|[0-9a-f]{6})\Z", re.IGNORECASE)
HEX_OR_NAME = re.compile(r"#[0-9a-f]{3,8}\Z|[a-z]+\Z", re.IGNORECASE)
NO_COLOUR = _("The colour must be written as #f80 or #ff8800, or be a CSS colour name such as “tomato”.")
NO_SIZE = _("The size must be a whole number from 1 to 4096.")
NO_BITMAP_SIZE = _("The size of a picture in pixels must be a whole number from 1 to 2048.")
NO_STROKE = _("The stroke width must be a number from 0.1 to 20.")
NO_TURN = _("The rotation must be 0, 1, 2 or 3 quarter turns.")
NO_FLIP = _("The flip must be x, y or both.")
NUMBER_ERRORS = ("invalid", "min_value", "max_value")
BITMAP_MAX_SIDE = 2048  # px


class LookForm(forms.Form):
    """What to change in an icon; every field may be left out."""

    colour = forms.CharField(
        required=False,
        max_length=40,
        label=_("Colour"),
        error_messages={"max_length": NO_COLOUR},
        widget=forms.TextInput(attrs={"placeholder": "currentColor", "spellcheck": "false"}),
    )
    size = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=4096,
        label=_("Size in px"),
        error_messages=dict.fromkeys(NUMBER_ERRORS, NO_SIZE),
    )
    stroke = forms.FloatField(
        required=False,
        min_value=0.1,
        max_value=20,
        label=_("Stroke width"),
        error_messages=dict.fromkeys(NUMBER_ERRORS, NO_STROKE),
        widget=forms.NumberInput(attrs={"step": "any"}),
    )
    rotate = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(0, "0°"), (1, "90°"), (2, "180°"), (3, "270°")],
        label=_("Rotation"),
        error_messages={"invalid_choice": NO_TURN},
    )
    flip = forms.MultipleChoiceField(
        required=False,
        choices=[("x", _("Horizontally")), ("y", _("Vertically"))],
        label=_("Flip"),
        error_messages={"invalid_choice": NO_FLIP, "invalid_list": NO_FLIP},
        widget=forms.CheckboxSelectMultiple,
    )
    credit = forms.BooleanField(required=False, label=_("With licence"))

    def clean_colour(self) -> str:
        """The colour as CSS writes it, or "" for the current one. Raises ValidationError where it is no colour."""
        colour: str = self.cleaned_data["colour"]
        if colour.lower() in ("", "currentcolor"):
            return ""
        if HEX_DIGITS.match(colour):  # an address is easier to write without “#”
            colour = f"#{colour}"
        if not HEX_OR_NAME.match(colour) or parse_colour(colour) is None:
            raise ValidationError(NO_COLOUR)
        return colour

    def suit(self, icon: Icon) -> None:
        """Drop the fields that would change nothing in this icon, and show the icon's own values in the others."""
        root = parse(icon.svg)
        if not Palette(root).takes_colour:
            del self.fields["colour"]
        self.fields["size"].widget.attrs["placeholder"] = f"{view_box_of(root).longer_side:g}"
        width = stroke_width(icon)
        if width is None:
            del self.fields["stroke"]
        else:
            self.fields["stroke"].widget.attrs["placeholder"] = f"{width:g}"

    def look(self) -> Look:
        """The look that the valid ones of the parameters ask for."""
        data = self.cleaned_data
        flip = data.get("flip", [])
        return Look(
            colour=data.get("colour", ""),
            size=data.get("size"),
            stroke=data.get("stroke"),
            rotate=data.get("rotate") or 0,
            flip_x="x" in flip,
            flip_y="y" in flip,
        )

    def sentence(self) -> str:
        """What is wrong with the parameters, in one text; empty where all are valid."""
        return " ".join(dict.fromkeys(str(error) for errors in self.errors.values() for error in errors))


class BitmapForm(LookForm):
    """A look for a picture in pixels, which the site draws itself, and which is bounded for that reason."""

    size = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=BITMAP_MAX_SIDE,
        error_messages=dict.fromkeys(NUMBER_ERRORS, NO_BITMAP_SIZE),
    )


def query_of(look: Look, with_credit: bool = False) -> str:
    """The parameters that ask for this look, encoded for an address; empty for the icon as it is."""
    flip = [axis for axis, flipped in (("x", look.flip_x), ("y", look.flip_y)) if flipped]
    pairs = [("colour", look.colour), ("size", look.size), ("stroke", look.stroke), ("rotate", look.rotate)]
    pairs += [("flip", axis) for axis in flip] + [("credit", "on" if with_credit else "")]
    return urlencode([(name, value) for name, value in pairs if value])
