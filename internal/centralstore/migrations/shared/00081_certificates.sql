-- +goose Up

-- What central got from an authority that hands out TLS certificates, and what it is asked for meanwhile: shared, so that any central
-- can answer for any other. Closed with a key that does not lie in the database.
CREATE TABLE certificates (
    name       TEXT PRIMARY KEY,
    sealed     BYTEA NOT NULL,
    changed_at BIGINT NOT NULL
);
