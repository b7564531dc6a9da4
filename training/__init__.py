"""Trains the network that finds icons: `python -m training --help`. Nothing here runs on a site."""
