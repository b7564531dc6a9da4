"""What a picture shows: its drawing, what it may mean, and where on it icons are. Imports nothing of the project."""
