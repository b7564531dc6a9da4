"""The one signal that carries news out of this app."""

from django.dispatch import Signal

# Sent with pks=list[int] of icons that were written, by bulk writes too (where Django's own signals are silent),
# and redrawn=list[int] of those among them whose drawing or visibility may have changed; inside the writing
# transaction: what is not written in it too, do on commit.
icons_changed = Signal()
