"""The one signal that carries news out of this app."""

from django.dispatch import Signal

# Sent with pks=list[int] when the drawing or the visibility of icons may have changed, by bulk writes too
# (where Django's own signals are silent), inside the writing transaction: act on commit.
icons_changed = Signal()
