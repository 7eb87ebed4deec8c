# The product for production: one image for web, worker and beat.

FROM python:3.13-slim-bookworm AS build
RUN pip install --no-cache-dir uv
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --extra s3

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
        fonts-dejavu-core fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home omne \
    && install -d -o omne -g omne /app /app/var
WORKDIR /app
ENV PATH="/app/.venv/bin:$PATH" \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MALLOC_ARENA_MAX=2 \
    OMNE_ENV=production \
    DJANGO_SETTINGS_MODULE=omne_dsar.settings
COPY --from=build /app/.venv .venv
COPY manage.py pyproject.toml ./
COPY templates templates
COPY requests_app requests_app
COPY fulfillment fulfillment
COPY omne_dsar omne_dsar
# Pages name their files by content: made here, with development settings that touch nothing outside the build.
RUN OMNE_ENV=development OMNE_VAR=/tmp/build STATIC_ROOT=/app/static \
    python manage.py collectstatic --noinput && rm -rf /tmp/build && python -m omne_dsar.languages
USER omne
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", \
     "--blocking-threads", "4", "--no-ws", "--respawn-failed-workers", "omne_dsar.wsgi:application"]
