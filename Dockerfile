# The image of both the web server and the worker; compose.yaml says what each runs.
FROM python:3.13-slim
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir -r requirements.lock
COPY . .
RUN useradd --create-home iconsite && mkdir -p /app/var /data/media && chown -R iconsite /app/var /data \
    && SECRET_KEY=build DATABASE_URL=postgres://none/none python -m django collectstatic --noinput --settings iconsite.settings \
    && chown -R iconsite /app/var
USER iconsite
ENV BIND=0.0.0.0:8000 MEDIA_ROOT=/data/media
EXPOSE 8000
CMD ["gunicorn", "-c", "python:iconsite.gunicorn_conf", "iconsite.wsgi"]
