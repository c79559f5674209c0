# syntax=docker/dockerfile:1

# Builds on the machine's own platform and cross-compiles, which is faster than
# emulating the target.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src

COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download

COPY . .
ARG TARGETOS TARGETARCH
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags='-s -w' -o /out/bin/ ./cmd/worker ./cmd/enqueue \
    && mkdir /out/data

# No shell and no package manager: CA certificates, time zones and a user.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/bin/ /usr/local/bin/
COPY --from=build --chown=nonroot:nonroot /out/data /data

# Other containers reach this one by its own address. The API refuses to listen
# there until the configuration file names an account.
ENV TURNWISE_LISTEN=0.0.0.0:8080 \
    TURNWISE_OPS_LISTEN=0.0.0.0:8081 \
    TURNWISE_DATA_DIR=/data \
    TURNWISE_LOG_FORMAT=json

USER nonroot
VOLUME /data
EXPOSE 8080 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=10s --retries=3 \
    CMD ["worker", "--healthcheck"]
ENTRYPOINT ["worker"]
