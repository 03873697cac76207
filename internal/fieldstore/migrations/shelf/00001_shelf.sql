-- +goose Up

-- What any machine that synchronises keeps.

-- A person's choices on this machine: language, theme, text size.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The agent's own notes: credentials, cursor, schedule, as JSON; the credentials are closed where there is a PIN.
CREATE TABLE agent_note (
    name  TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_log (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    entry  TEXT NOT NULL
) STRICT;

CREATE TABLE study (
    id        TEXT PRIMARY KEY,
    withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Every version of a study that is still of use; the highest number is the newest, and it is used once it is ready.
CREATE TABLE study_version (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    study       TEXT NOT NULL REFERENCES study (id),
    sha256      TEXT NOT NULL,
    body        TEXT NOT NULL,
    form_sha256 TEXT NOT NULL,
    ready       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX study_version_study ON study_version (study, ready, number);

-- The files a version needs; rank 0 is the questionnaire.
CREATE TABLE version_blob (
    version INTEGER NOT NULL REFERENCES study_version (number) ON DELETE CASCADE,
    rank    INTEGER NOT NULL,
    name    TEXT NOT NULL,
    sha256  TEXT NOT NULL REFERENCES blob (sha256),
    PRIMARY KEY (version, rank)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_blob_sha256 ON version_blob (sha256);

CREATE TABLE blob (
    sha256   TEXT PRIMARY KEY,
    size     INTEGER NOT NULL,
    have     INTEGER NOT NULL DEFAULT 0,
    complete INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE blob_chunk (
    sha256 TEXT NOT NULL REFERENCES blob (sha256) ON DELETE CASCADE,
    at     INTEGER NOT NULL,
    bytes  BLOB NOT NULL,
    UNIQUE (sha256, at)
) STRICT;
