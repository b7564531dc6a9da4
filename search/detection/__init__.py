"""Where icons are on a picture: a small network that was taught on synthetic pages; no Django but its settings."""
