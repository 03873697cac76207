-- +goose Up

-- Words are what an interviewer says of a shift in their own words: free text, closed.
ALTER TABLE pause ADD COLUMN words BLOB NOT NULL DEFAULT x'';

-- A count put right by a typed number. The taps stay as they were.
CREATE TABLE correction (
    id        TEXT PRIMARY KEY,
    shift     TEXT NOT NULL REFERENCES shift (id),
    number    INTEGER NOT NULL,
    at_utc    INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    before    INTEGER NOT NULL,
    after     INTEGER NOT NULL CHECK (after >= 0),
    reason    TEXT NOT NULL CHECK (reason <> ''),
    words     BLOB NOT NULL,
    -- How many contacts the shift had by then: the order of things, whatever the clock says.
    contacts  INTEGER NOT NULL,
    UNIQUE (shift, number)
) STRICT;

CREATE TABLE shift_note (
    id        TEXT PRIMARY KEY,
    shift     TEXT NOT NULL REFERENCES shift (id),
    number    INTEGER NOT NULL,
    at_utc    INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    weather   TEXT NOT NULL,
    words     BLOB NOT NULL,
    UNIQUE (shift, number)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER correction_delete BEFORE DELETE ON correction WHEN EXISTS (SELECT 1 FROM shift WHERE id = OLD.shift AND practice = 0)
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: correction'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER correction_alter BEFORE UPDATE OF id, shift, number, at_utc, at_offset, before, after, reason, contacts ON correction
BEGIN SELECT RAISE(ABORT, 'a correction is never altered'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER shift_note_delete BEFORE DELETE ON shift_note WHEN EXISTS (SELECT 1 FROM shift WHERE id = OLD.shift AND practice = 0)
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: shift_note'); END;
-- +goose StatementEnd
