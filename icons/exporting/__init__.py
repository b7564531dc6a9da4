"""Using an icon elsewhere: changed in look, as the text or the picture that a program wants."""
