-- +goose Up

-- What both engines have alike; what they do not stands in their own folders. SQLite takes any name for a type: bytes stay bytes.

-- What this database is. The incarnation changes when a copy takes its place, so that cursors of readers start over.
CREATE TABLE central (
    -- one row: two centrals that begin at the same instant agree on the first one's
    one         BIGINT PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    incarnation TEXT NOT NULL,
    code_salt   TEXT NOT NULL,
    created_at  BIGINT NOT NULL
);

-- feed numbers the changes of a study; whoever adds one holds the row until the commit, so no reader can skip a number.
CREATE TABLE studies (
    id         TEXT PRIMARY KEY,
    version    BIGINT NOT NULL,
    feed       BIGINT NOT NULL DEFAULT 0,
    interviews BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE study_versions (
    study      TEXT NOT NULL REFERENCES studies (id),
    version    BIGINT NOT NULL,
    n          BIGINT NOT NULL,
    body       BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (study, version)
);

CREATE TABLE study_files (
    study  TEXT NOT NULL REFERENCES studies (id),
    sha256 TEXT NOT NULL,
    size   BIGINT NOT NULL,
    PRIMARY KEY (study, sha256)
);

CREATE INDEX study_files_by_sum ON study_files (sha256);

CREATE TABLE users (
    name        TEXT PRIMARY KEY,
    password    TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    disabled_at BIGINT
);

-- An empty study, region or site means all of them.
CREATE TABLE grants (
    user_name TEXT NOT NULL REFERENCES users (name),
    role      TEXT NOT NULL,
    study     TEXT NOT NULL,
    region    TEXT NOT NULL,
    site      TEXT NOT NULL,
    PRIMARY KEY (user_name, role, study, region, site)
);

CREATE TABLE tokens (
    hash       TEXT PRIMARY KEY,
    user_name  TEXT REFERENCES users (name),
    device     TEXT,
    epoch      TEXT,
    purpose    TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT
);
CREATE INDEX tokens_of_device ON tokens (device);

CREATE TABLE codes (
    hash        TEXT PRIMARY KEY,
    interviewer TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    created_by  TEXT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT,
    device      TEXT
);

CREATE TABLE code_studies (
    hash  TEXT NOT NULL REFERENCES codes (hash),
    study TEXT NOT NULL REFERENCES studies (id),
    PRIMARY KEY (hash, study)
);

CREATE TABLE devices (
    id          TEXT PRIMARY KEY,
    interviewer TEXT NOT NULL,
    platform    TEXT NOT NULL,
    app_version TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    last_seen   BIGINT NOT NULL,
    revoked_at  BIGINT,
    -- the study's owner ordered that the device destroys what it holds, unsent or not
    erase_at    BIGINT,
    -- opens the device when its PIN is forgotten; whoever reads it is in the audit log
    recovery    TEXT NOT NULL
);

CREATE TABLE epochs (
    id          TEXT PRIMARY KEY,
    device      TEXT NOT NULL REFERENCES devices (id),
    interviewer TEXT NOT NULL,
    started_at  BIGINT NOT NULL,
    high_seq    BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX epochs_of_device ON epochs (device, started_at);

-- Which sequence numbers of an epoch arrived, as ranges that neither touch nor overlap.
CREATE TABLE arrived (
    epoch    TEXT NOT NULL REFERENCES epochs (id),
    first    BIGINT NOT NULL,
    last     BIGINT NOT NULL,
    PRIMARY KEY (epoch, first)
);

CREATE TABLE device_studies (
    study  TEXT NOT NULL REFERENCES studies (id),
    device TEXT NOT NULL REFERENCES devices (id),
    n      BIGINT NOT NULL,
    PRIMARY KEY (study, device)
);
CREATE INDEX studies_of_device ON device_studies (device);
CREATE INDEX device_changes ON device_studies (study, n);

-- Every revision of every record, its body as it was made. Nothing here is ever changed.
CREATE TABLE records (
    study       TEXT NOT NULL REFERENCES studies (id),
    id          TEXT NOT NULL,
    revision    BIGINT NOT NULL,
    n           BIGINT NOT NULL,
    kind        TEXT NOT NULL,
    device      TEXT NOT NULL,
    epoch       TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    sha256      TEXT NOT NULL,
    interviewer TEXT NOT NULL,
    site        TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    skew_ms     BIGINT NOT NULL,
    body        BYTEA NOT NULL,
    PRIMARY KEY (study, id, revision)
);
CREATE UNIQUE INDEX record_changes ON records (study, n);

-- What could not be stored, whole, as it was sent, and why. id, revision and sha256 are what the sender claimed.
CREATE TABLE quarantine (
    device       TEXT NOT NULL,
    whole_sha256 TEXT NOT NULL,
    id           TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    sha256       TEXT NOT NULL,
    study        TEXT NOT NULL,
    kind         TEXT NOT NULL,
    epoch        TEXT NOT NULL,
    seq          BIGINT NOT NULL,
    cause        TEXT NOT NULL,
    reason       TEXT NOT NULL,
    received_at  BIGINT NOT NULL,
    skew_ms      BIGINT NOT NULL,
    whole        BYTEA NOT NULL,
    settled_at   BIGINT,
    PRIMARY KEY (device, whole_sha256)
);
CREATE INDEX quarantine_by_identity ON quarantine (device, id, revision);
CREATE INDEX quarantine_open ON quarantine (received_at) WHERE settled_at IS NULL;
