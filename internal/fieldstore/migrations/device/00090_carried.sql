-- +goose Up

-- Sealed batches given, or about to be given, to a supervisor's laptop. A record in one is as unsent as any other until central's
-- receipt comes. key opens central's reply and is closed as answers are.
CREATE TABLE carried (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256   TEXT NOT NULL UNIQUE,
    relay    TEXT NOT NULL,
    key      BLOB NOT NULL,
    pull     INTEGER NOT NULL,
    cursor   TEXT NOT NULL,
    made     INTEGER NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE carried_record (
    batch    INTEGER NOT NULL REFERENCES carried (number) ON DELETE CASCADE,
    id       TEXT NOT NULL,
    revision INTEGER NOT NULL,
    sha256   TEXT NOT NULL,
    PRIMARY KEY (id, revision, batch)
) STRICT, WITHOUT ROWID;
CREATE INDEX carried_record_batch ON carried_record (batch);

CREATE TABLE carried_attachment (
    batch     INTEGER NOT NULL REFERENCES carried (number) ON DELETE CASCADE,
    interview TEXT NOT NULL,
    name      TEXT NOT NULL,
    PRIMARY KEY (interview, name, batch)
) STRICT, WITHOUT ROWID;
