-- +goose Up

-- What has arrived of files that are not whole yet, by device.
CREATE TABLE upload_chunks (
    device      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    first       BIGINT NOT NULL,
    beyond      BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    bytes       BYTEA NOT NULL,
    PRIMARY KEY (device, sha256, first)
);
