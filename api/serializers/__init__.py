"""What the API sends and takes, as Django REST framework and the schema describe it."""
