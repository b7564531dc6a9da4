"""Training of the detector that finds icons on screenshots: pages are drawn, and a small network learns from them."""
