"""The network that looks at a reading and an icon side by side: what it learns from, and how."""
