# The image of gisgov: the service and the command line, without PostgreSQL (see docker-compose.yml).

FROM node:22-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web ./
RUN npm run build

FROM python:3.13-slim-trixie AS build
WORKDIR /src
COPY requirements.lock ./
# uv by its hash in the lock, then what runs (not what develops) at the lock's versions and hashes
RUN sed -n '/^uv==/,/^    # via/p' requirements.lock > uv.lock \
 && pip install --no-cache-dir --require-hashes -r uv.lock \
 && uv venv /opt/gisgov
ENV VIRTUAL_ENV=/opt/gisgov
COPY pyproject.toml README.md LICENSE CHANGELOG.md ./
RUN uv pip compile -q --generate-hashes -c requirements.lock pyproject.toml -o runtime.lock \
 && uv pip install --no-cache --require-hashes --compile-bytecode -r runtime.lock
COPY gisgov gisgov
COPY api api
COPY maps maps
COPY alembic alembic
COPY fixtures fixtures
COPY scripts scripts
COPY --from=web /src/maps/static maps/static
RUN uv pip install --no-cache --no-deps --compile-bytecode --build-constraints requirements.lock .

FROM python:3.13-slim-trixie
# a Chinese font for printed maps; psql, pg_dump and pg_restore for `gisgov db`
RUN apt-get update \
 && apt-get install -y --no-install-recommends fonts-noto-cjk postgresql-client \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --home-dir /nonexistent --no-create-home gisgov \
 && install -d -o gisgov -g gisgov /maps /jobs /var/cache/gisgov
COPY --from=build /opt/gisgov /opt/gisgov
ENV PATH=/opt/gisgov/bin:$PATH \
    PYTHONPATH=/opt/gisgov/lib/python3.13/site-packages/gisgov/_bundled \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp \
    NUMBA_CACHE_DIR=/var/cache/gisgov
USER gisgov
WORKDIR /tmp
EXPOSE 8000
# On every address of the container only behind a proxy, or with a certificate: docker-compose.yml says which.
CMD ["gisgov", "serve"]
