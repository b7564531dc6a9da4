"""The one signal that carries news out of this app."""

from django.dispatch import Signal

# Sent inside the transaction that writes icons, by bulk writes too, where Django's own signals are silent. Its
# arguments are pks=list[int] of the icons that were written, and redrawn=list[int] of those among them whose drawing
# or visibility may have changed. After a new cleaning, rehashed=dict[int, str] has, for each icon that looks as before
# although its source is spelt in another way, the hash that the source had. A receiver that must not see icons rolled
# back does its work on commit.
icons_changed = Signal()
