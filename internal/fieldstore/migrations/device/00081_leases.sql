-- +goose Up

-- Rights to fill a quota constraint that central granted in an epoch. granted, committed, returned and met are totals that only grow;
-- reserved are the interviews that go on. cap, used and leased are as central said last.
CREATE TABLE holding (
    study     TEXT NOT NULL,
    epoch     TEXT NOT NULL REFERENCES epoch (epoch),
    quota     TEXT NOT NULL,
    granted   INTEGER NOT NULL DEFAULT 0,
    reserved  INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    committed INTEGER NOT NULL DEFAULT 0,
    returned  INTEGER NOT NULL DEFAULT 0,
    cap       INTEGER NOT NULL DEFAULT 0,
    used      INTEGER NOT NULL DEFAULT 0,
    leased    INTEGER NOT NULL DEFAULT 0,
    CHECK (granted >= reserved + committed + returned),
    PRIMARY KEY (study, epoch, quota)
) STRICT, WITHOUT ROWID;

-- Respondents by constraint, and all of them under the empty name.
CREATE TABLE met (
    study TEXT NOT NULL,
    epoch TEXT NOT NULL REFERENCES epoch (epoch),
    quota TEXT NOT NULL,
    n     INTEGER NOT NULL,
    PRIMARY KEY (study, epoch, quota)
) STRICT, WITHOUT ROWID;

-- What an interview has of rights: those reserved while it goes on, and all that were ever used for it. Blocked are the constraints in
-- which none was left.
CREATE TABLE reservation (
    interview TEXT PRIMARY KEY,
    study     TEXT NOT NULL,
    epoch     TEXT NOT NULL REFERENCES epoch (epoch),
    reserved  TEXT NOT NULL,
    blocked   TEXT NOT NULL,
    used      TEXT NOT NULL
) STRICT, WITHOUT ROWID;
