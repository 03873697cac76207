-- +goose Up

-- Files that the records of interviews name, each at the question that names it.
CREATE TABLE named_attachments (
    study    TEXT NOT NULL REFERENCES studies (id),
    record   TEXT NOT NULL,
    revision BIGINT NOT NULL,
    question TEXT NOT NULL,
    name     TEXT NOT NULL,
    sha256   TEXT NOT NULL,
    size     BIGINT NOT NULL,
    site     TEXT NOT NULL,
    PRIMARY KEY (study, record, revision, question)
);
CREATE INDEX named_attachments_by_sum ON named_attachments (sha256, study);

-- Files that arrived whole and with the sum they were announced by. The bytes lie beside the database.
CREATE TABLE attachments (
    study       TEXT NOT NULL REFERENCES studies (id),
    sha256      TEXT NOT NULL,
    size        BIGINT NOT NULL,
    device      TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (study, sha256)
);
CREATE INDEX attachments_by_sum ON attachments (sha256);
