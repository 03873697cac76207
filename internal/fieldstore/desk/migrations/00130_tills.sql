-- +goose Up

-- An epoch of the rights that this laptop passes on for an account at a central. acts counts what was done with them; a visit to central is
-- made over acts, as a tablet makes one over its numbers. ended is 1 when central has said so, 2 when it has heard what was given back;
-- gone tells that another life of this file has it.
CREATE TABLE till (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    epoch     TEXT NOT NULL UNIQUE,
    central   TEXT NOT NULL,
    account   TEXT NOT NULL,
    acts      INTEGER NOT NULL DEFAULT 0,
    visit     TEXT NOT NULL DEFAULT '',
    visits    INTEGER NOT NULL DEFAULT 0,
    visited   INTEGER NOT NULL DEFAULT 0,
    confirmed TEXT NOT NULL DEFAULT '',
    ended     INTEGER NOT NULL DEFAULT 0,
    gone      INTEGER NOT NULL DEFAULT 0,
    hours     REAL NOT NULL DEFAULT 0,
    asked     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What it has of each constraint: totals, see quota.Till.
CREATE TABLE till_right (
    till     TEXT NOT NULL REFERENCES till (epoch),
    study    TEXT NOT NULL,
    quota    TEXT NOT NULL,
    granted  INTEGER NOT NULL DEFAULT 0,
    returned INTEGER NOT NULL DEFAULT 0,
    lent     INTEGER NOT NULL DEFAULT 0,
    moved    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (till, study, quota)
) STRICT, WITHOUT ROWID;

-- What was passed on to a tablet's epoch in all, what that asked for in all, and what of it central has heard from here.
CREATE TABLE till_passed (
    till  TEXT NOT NULL REFERENCES till (epoch),
    study TEXT NOT NULL,
    quota TEXT NOT NULL,
    epoch TEXT NOT NULL,
    total INTEGER NOT NULL DEFAULT 0,
    asked INTEGER NOT NULL DEFAULT 0,
    heard INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (till, study, quota, epoch)
) STRICT, WITHOUT ROWID;

-- The number of the latest statement of a study, and of the latest that was answered.
CREATE TABLE till_statement (
    till  TEXT NOT NULL REFERENCES till (epoch),
    study TEXT NOT NULL,
    made  INTEGER NOT NULL DEFAULT 0,
    heard INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (till, study)
) STRICT, WITHOUT ROWID;
