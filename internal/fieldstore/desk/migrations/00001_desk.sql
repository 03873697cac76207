-- +goose Up

-- The latest revision of every record, as central has it; the body is packed.
CREATE TABLE record (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    revision    INTEGER NOT NULL,
    study       TEXT NOT NULL,
    device      TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    epoch       TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    skew_ms     INTEGER NOT NULL,
    body        BLOB NOT NULL
) STRICT;

-- What could not be read, with why; it blocks nothing.
CREATE TABLE unreadable (
    id       TEXT NOT NULL,
    revision INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    reason   TEXT NOT NULL,
    PRIMARY KEY (id, revision)
) STRICT, WITHOUT ROWID;

CREATE TABLE interview (
    id             TEXT PRIMARY KEY,
    study          TEXT NOT NULL,
    day            TEXT NOT NULL,
    site           TEXT NOT NULL,
    entrance       TEXT NOT NULL,
    interviewer    TEXT NOT NULL,
    language       TEXT NOT NULL,
    disposition    TEXT NOT NULL,
    void           INTEGER NOT NULL,
    started_utc    INTEGER NOT NULL,
    started_offset INTEGER NOT NULL,
    duration_ms    INTEGER NOT NULL
) STRICT;
CREATE INDEX interview_study ON interview (study, started_utc);
CREATE INDEX interview_site ON interview (study, site, started_utc);
CREATE INDEX interview_interviewer ON interview (study, interviewer, started_utc);

CREATE TABLE shift (
    id          TEXT PRIMARY KEY,
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    site        TEXT NOT NULL,
    passed      INTEGER NOT NULL,
    open        INTEGER NOT NULL
) STRICT;
CREATE INDEX shift_day ON shift (study, day);

-- Counts, kept in the transaction that takes a record in. A day is a date in the device's own zone.
CREATE TABLE quota_count (
    study TEXT NOT NULL,
    cell  TEXT NOT NULL,
    site  TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (study, cell, site)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact_count (
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    disposition TEXT NOT NULL,
    class       TEXT NOT NULL,
    n           INTEGER NOT NULL,
    PRIMARY KEY (study, day, interviewer, disposition, class)
) STRICT, WITHOUT ROWID;

CREATE TABLE interview_count (
    study       TEXT NOT NULL,
    day         TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    disposition TEXT NOT NULL,
    n           INTEGER NOT NULL,
    PRIMARY KEY (study, day, interviewer, disposition)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_count (
    study       TEXT NOT NULL,
    site        TEXT NOT NULL,
    disposition TEXT NOT NULL,
    n           INTEGER NOT NULL,
    PRIMARY KEY (study, site, disposition)
) STRICT, WITHOUT ROWID;

CREATE TABLE device (
    device      TEXT PRIMARY KEY,
    interviewer TEXT NOT NULL,
    body        TEXT NOT NULL
) STRICT;

-- The highest of what has been taken in.
CREATE TABLE latest (
    name  TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
