"""SVG in, clean SVG out: rebuilt from an allow-list, bounded, and referring to nothing outside itself."""

from icons.svg.cleaning import FORM, CleanSVG, clean_svg

__all__ = ["FORM", "CleanSVG", "clean_svg"]
