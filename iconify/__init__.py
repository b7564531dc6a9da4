"""A server of icons for clients of Iconify, and the ways out for whole sets."""
