-- +goose Up

-- What was written to the field, and who has read it.
CREATE TABLE message (
    id    TEXT PRIMARY KEY,
    study TEXT NOT NULL,
    at    INTEGER NOT NULL,
    body  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_study ON message (study, at);

CREATE TABLE message_read (
    message     TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    at          INTEGER NOT NULL,
    PRIMARY KEY (message, interviewer)
) STRICT, WITHOUT ROWID;
