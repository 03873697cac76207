-- +goose Up

-- Closed by the data key are: interviewers, the bodies of contacts, snapshots, and what steps hold beside their columns.

CREATE TABLE shift (
    id             TEXT PRIMARY KEY,
    study          TEXT NOT NULL,
    site           TEXT NOT NULL,
    entrance       TEXT NOT NULL,
    interviewer    BLOB NOT NULL,
    interval       INTEGER NOT NULL,
    practice       INTEGER NOT NULL,
    started_utc    INTEGER NOT NULL,
    started_offset INTEGER NOT NULL,
    ended_utc      INTEGER NOT NULL DEFAULT 0,
    ended_offset   INTEGER NOT NULL DEFAULT 0,
    passed         INTEGER NOT NULL DEFAULT 0,
    revision       INTEGER NOT NULL DEFAULT 0,
    announced      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX shift_one_open ON shift ((1)) WHERE ended_utc = 0;
CREATE INDEX shift_started ON shift (started_utc);

CREATE TABLE pause (
    shift       TEXT NOT NULL REFERENCES shift (id),
    number      INTEGER NOT NULL,
    from_utc    INTEGER NOT NULL,
    from_offset INTEGER NOT NULL,
    to_utc      INTEGER NOT NULL DEFAULT 0,
    to_offset   INTEGER NOT NULL DEFAULT 0,
    reason      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (shift, number)
) STRICT, WITHOUT ROWID;

-- One row a tap, and beside it the sums, so that nothing is counted anew at a tap.
CREATE TABLE tap (
    number    INTEGER PRIMARY KEY AUTOINCREMENT,
    shift     TEXT NOT NULL REFERENCES shift (id),
    step      INTEGER NOT NULL CHECK (step IN (-1, 1)),
    quarter   INTEGER NOT NULL,
    at_utc    INTEGER NOT NULL,
    at_offset INTEGER NOT NULL
) STRICT;

CREATE TABLE footfall (
    shift   TEXT NOT NULL REFERENCES shift (id),
    quarter INTEGER NOT NULL,
    persons INTEGER NOT NULL CHECK (persons >= 0),
    PRIMARY KEY (shift, quarter)
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    id          TEXT PRIMARY KEY,
    study       TEXT NOT NULL,
    shift       TEXT NOT NULL REFERENCES shift (id),
    practice    INTEGER NOT NULL,
    disposition TEXT NOT NULL,
    class       TEXT NOT NULL,
    void        INTEGER NOT NULL,
    at_utc      INTEGER NOT NULL,
    revision    INTEGER NOT NULL,
    sha256      TEXT NOT NULL,
    body        BLOB NOT NULL
) STRICT;
CREATE INDEX contact_shift ON contact (shift, at_utc);

-- An interview that goes on. The snapshot is the truth; steps are paradata, and what answers were stands in their detail alone,
-- closed like the snapshot.
CREATE TABLE draft (
    id             TEXT PRIMARY KEY,
    study          TEXT NOT NULL,
    version        INTEGER NOT NULL REFERENCES study_version (number),
    form           TEXT NOT NULL,
    form_version   TEXT NOT NULL,
    form_sha256    TEXT NOT NULL,
    shift          TEXT NOT NULL REFERENCES shift (id),
    contact        TEXT NOT NULL REFERENCES contact (id),
    site           TEXT NOT NULL,
    entrance       TEXT NOT NULL,
    interviewer    BLOB NOT NULL,
    practice       INTEGER NOT NULL,
    started_utc    INTEGER NOT NULL,
    started_offset INTEGER NOT NULL,
    open_ms        INTEGER NOT NULL,
    position       TEXT NOT NULL,
    language       TEXT NOT NULL,
    snapshot       BLOB NOT NULL
) STRICT;

CREATE TABLE step (
    draft     TEXT NOT NULL REFERENCES draft (id),
    number    INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    question  TEXT NOT NULL,
    at_utc    INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    open_ms   INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    position  TEXT NOT NULL,
    detail    BLOB NOT NULL,
    PRIMARY KEY (draft, number)
) STRICT, WITHOUT ROWID;

-- An interview that has ended, for lists; its answers are in the outbox's record alone.
CREATE TABLE interview (
    id             TEXT PRIMARY KEY,
    study          TEXT NOT NULL,
    shift          TEXT NOT NULL REFERENCES shift (id),
    contact        TEXT NOT NULL REFERENCES contact (id),
    practice       INTEGER NOT NULL,
    site           TEXT NOT NULL,
    entrance       TEXT NOT NULL,
    language       TEXT NOT NULL,
    disposition    TEXT NOT NULL,
    void           INTEGER NOT NULL,
    started_utc    INTEGER NOT NULL,
    started_offset INTEGER NOT NULL,
    ended_utc      INTEGER NOT NULL,
    ended_offset   INTEGER NOT NULL,
    duration_ms    INTEGER NOT NULL,
    -- That of its record in the outbox, kept by a trigger so that lists need not look there; or 'practice'.
    state          TEXT NOT NULL,
    reason         TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX interview_started ON interview (started_utc, id);
CREATE INDEX interview_state ON interview (state, started_utc, id);
CREATE INDEX interview_shift ON interview (shift, started_utc, id);

-- +goose StatementBegin
CREATE TRIGGER interview_delivery AFTER UPDATE OF state ON outbox WHEN NEW.kind = 'interview'
BEGIN
    UPDATE interview SET state = iif(NEW.state = 'in_flight', 'waiting', NEW.state), reason = NEW.reason WHERE id = NEW.id;
END;
-- +goose StatementEnd

-- How many completed interviews count for each quota constraint. Which of them do, only their records say: a cell is an answer.
CREATE TABLE quota_count (
    study TEXT NOT NULL,
    cell  TEXT NOT NULL,
    n     INTEGER NOT NULL CHECK (n >= 0),
    PRIMARY KEY (study, cell)
) STRICT, WITHOUT ROWID;

-- Practice is never announced.

-- +goose StatementBegin
CREATE TRIGGER outbox_practice BEFORE INSERT ON outbox
WHEN EXISTS (SELECT 1 FROM shift WHERE id = NEW.id AND practice) OR EXISTS (SELECT 1 FROM contact WHERE id = NEW.id AND practice)
  OR EXISTS (SELECT 1 FROM interview WHERE id = NEW.id AND practice) OR EXISTS (SELECT 1 FROM draft WHERE id = NEW.id AND practice)
BEGIN SELECT RAISE(ABORT, 'practice is never sent: outbox'); END;
-- +goose StatementEnd
