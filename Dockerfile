FROM rust:1-bookworm AS build
WORKDIR /build

# Dependencies first, against empty sources: this layer is built again only when a manifest or the lock file changes.
COPY .cargo .cargo
COPY Cargo.toml Cargo.lock ./
COPY src/domain/Cargo.toml src/domain/
# The tests stay out of the image, but the manifest names their file.
RUN echo 'fn main() {}' > src/main.rs \
    && mkdir -p tests/suite \
    && touch src/lib.rs src/domain/lib.rs tests/suite/main.rs \
    && cargo build --release --locked --features postgres-tls

COPY migrations migrations
COPY static static
COPY templates templates
COPY src src
# Copied files keep their dates, which may be older than the empty sources': without a touch cargo would see no change.
RUN touch src/main.rs src/lib.rs src/domain/lib.rs \
    && cargo build --release --locked --features postgres-tls \
    && mkdir /data

# The program needs glibc and libgcc and nothing else: no shell, no package manager.
FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /build/target/release/pierhead /usr/local/bin/pierhead
COPY LICENSE static/img/LICENSE-lucide.txt static/js/vendor/LICENSE-*.txt /usr/share/doc/pierhead/
# Owned before it becomes a volume, so that a new volume belongs to the user the program runs as.
COPY --from=build --chown=65532:65532 /data /data

ENV PIERHEAD_DATA_DIR=/data \
    PIERHEAD_LISTEN=0.0.0.0:8080
USER 65532:65532
VOLUME /data
EXPOSE 8080

# No HEALTHCHECK: it runs a command inside the container, and there is none but pierhead. Orchestrators ask
# GET /health/live (is the process there) and GET /health/ready (do database and storage work).
ENTRYPOINT ["/usr/local/bin/pierhead"]
