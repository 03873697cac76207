-- +goose Up

-- What this laptop proves to be itself by, as PEM.
CREATE TABLE relay_identity (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    certificate BLOB NOT NULL,
    key         BLOB NOT NULL
) STRICT;

-- Devices that paired with this laptop. The token's hash is empty where the supervisor has shut the device out.
CREATE TABLE tablet (
    id     TEXT PRIMARY KEY,
    name   TEXT NOT NULL,
    token  TEXT NOT NULL,
    paired INTEGER NOT NULL,
    seen   INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tablet_token ON tablet (token) WHERE token <> '';

-- Sealed batches of devices, whole, until central has them and the device knows it. Only central can open them. reply is central's
-- answer, closed for the device; it is empty from a central that gives none.
CREATE TABLE parcel (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    tablet    TEXT NOT NULL REFERENCES tablet (id),
    sha256    TEXT NOT NULL,
    bytes     INTEGER NOT NULL,
    came      INTEGER NOT NULL,
    forwarded INTEGER NOT NULL DEFAULT 0,
    settled   INTEGER NOT NULL DEFAULT 0,
    tries     INTEGER NOT NULL DEFAULT 0,
    next      INTEGER NOT NULL DEFAULT 0,
    trouble   TEXT NOT NULL DEFAULT '',
    reply     BLOB NOT NULL DEFAULT x'',
    body      BLOB NOT NULL, -- last, so that counting need not read it
    UNIQUE (tablet, sha256)
) STRICT;
CREATE INDEX parcel_waiting ON parcel (number) WHERE forwarded = 0;

-- +goose StatementBegin
CREATE TRIGGER parcel_delete BEFORE DELETE ON parcel WHEN OLD.forwarded = 0 OR OLD.settled = 0
BEGIN SELECT RAISE(ABORT, 'a carried batch stays until central has it and its device knows it'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER parcel_alter BEFORE UPDATE OF number, tablet, sha256, bytes, body, came ON parcel
BEGIN SELECT RAISE(ABORT, 'a carried batch is never altered'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER parcel_back BEFORE UPDATE OF forwarded, settled ON parcel WHEN NEW.forwarded < OLD.forwarded OR NEW.settled < OLD.settled
BEGIN SELECT RAISE(ABORT, 'what central has taken stays taken'); END;
-- +goose StatementEnd
