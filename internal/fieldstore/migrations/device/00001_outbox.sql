-- +goose Up

-- The key that closes what is kept here, itself closed by the PIN and by the recovery code that central keeps. Wrong PINs in a
-- row are counted before they are tried.
CREATE TABLE data_key (
    one             INTEGER PRIMARY KEY CHECK (one = 1),
    pin_passes      INTEGER NOT NULL,
    pin_memory      INTEGER NOT NULL,
    pin_lanes       INTEGER NOT NULL,
    pin_salt        BLOB NOT NULL,
    pin_key         BLOB NOT NULL,
    wrong           INTEGER NOT NULL DEFAULT 0,
    wrong_at        INTEGER NOT NULL DEFAULT 0,
    recovery_passes INTEGER,
    recovery_memory INTEGER,
    recovery_lanes  INTEGER,
    recovery_salt   BLOB,
    recovery_key    BLOB
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER data_key_delete BEFORE DELETE ON data_key
BEGIN SELECT RAISE(ABORT, 'without its key nothing kept here could be read: data_key'); END;
-- +goose StatementEnd

-- An enrolment of this device: where its records go, and the last sequence number given out.
CREATE TABLE epoch (
    epoch   TEXT PRIMARY KEY,
    central TEXT NOT NULL,
    device  TEXT NOT NULL,
    last    INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What central is to receive, word for word; sha256 is the body's as it is sent, body is packed and closed.
CREATE TABLE outbox (
    number   INTEGER PRIMARY KEY AUTOINCREMENT,
    id       TEXT NOT NULL,
    revision INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    study    TEXT NOT NULL,
    epoch    TEXT NOT NULL REFERENCES epoch (epoch),
    seq      INTEGER NOT NULL,
    sha256   TEXT NOT NULL,
    body     BLOB NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'in_flight', 'sent', 'quarantined')),
    reason   TEXT NOT NULL DEFAULT '',
    made     INTEGER NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0,
    UNIQUE (id, revision),
    UNIQUE (epoch, seq)
) STRICT;
CREATE INDEX outbox_waiting ON outbox ((kind <> 'shift'), number) WHERE state = 'waiting';
CREATE INDEX outbox_unsent ON outbox (state, kind) WHERE state <> 'sent';
CREATE INDEX outbox_answered ON outbox (answered) WHERE state = 'sent';

-- +goose StatementBegin
CREATE TRIGGER outbox_delete BEFORE DELETE ON outbox WHEN OLD.state <> 'sent'
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: outbox'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER outbox_alter BEFORE UPDATE OF number, id, revision, kind, study, epoch, seq, sha256, body, made ON outbox
BEGIN SELECT RAISE(ABORT, 'a record is never altered: outbox'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER epoch_delete BEFORE DELETE ON epoch
BEGIN SELECT RAISE(ABORT, 'an epoch is never deleted'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER epoch_count BEFORE UPDATE OF last ON epoch WHEN NEW.last <> OLD.last + 1
BEGIN SELECT RAISE(ABORT, 'sequence numbers have no gaps'); END;
-- +goose StatementEnd
