"""What all networks share: layers, weights, precision, and how inputs go through them; no Django but its settings."""
