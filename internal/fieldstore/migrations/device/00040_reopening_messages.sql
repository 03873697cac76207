-- +goose Up

-- An interview that has ended can be corrected: its record gets a further revision.
ALTER TABLE interview ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

-- What an ended interview can be reopened from, as long as that may be: the questionnaire without anything personal. body is the
-- record of practice, which has none in the outbox. Both are closed.
CREATE TABLE ended (
    interview TEXT PRIMARY KEY REFERENCES interview (id),
    version   INTEGER NOT NULL REFERENCES study_version (number),
    snapshot  BLOB NOT NULL,
    position  TEXT NOT NULL,
    sealed    TEXT NOT NULL,
    body      BLOB NOT NULL,
    until     INTEGER NOT NULL
) STRICT;
CREATE INDEX ended_until ON ended (until);
CREATE INDEX ended_version ON ended (version);

-- The drafts that reopen an interview, with the revision that stands until they end.
CREATE TABLE reopened (
    draft     TEXT PRIMARY KEY,
    revision  INTEGER NOT NULL,
    kind      TEXT NOT NULL,
    reason    BLOB NOT NULL,
    at_utc    INTEGER NOT NULL,
    at_offset INTEGER NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0 CHECK (withdrawn IN (0, 1))
) STRICT, WITHOUT ROWID;

-- An older revision's receipt says nothing of the newest.
DROP TRIGGER interview_delivery;
-- +goose StatementBegin
CREATE TRIGGER interview_delivery AFTER UPDATE OF state ON outbox WHEN NEW.kind = 'interview'
BEGIN
    UPDATE interview SET state = iif(NEW.state = 'in_flight', 'waiting', NEW.state), reason = NEW.reason
    WHERE id = NEW.id AND revision = NEW.revision;
END;
-- +goose StatementEnd

-- A draft that reopens an interview goes only when its own record stands in the outbox, or when the interviewer left the interview
-- as it was.
DROP TRIGGER draft_delete;
-- +goose StatementBegin
CREATE TRIGGER draft_delete BEFORE DELETE ON draft
WHEN OLD.practice = 0 AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = OLD.id AND kind = 'interview'
    AND revision > coalesce((SELECT revision FROM reopened WHERE draft = OLD.id AND NOT withdrawn), 0))
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: draft'); END;
-- +goose StatementEnd

DROP TRIGGER step_delete;
-- +goose StatementBegin
CREATE TRIGGER step_delete BEFORE DELETE ON step
WHEN EXISTS (SELECT 1 FROM draft WHERE id = OLD.draft AND practice = 0)
 AND NOT EXISTS (SELECT 1 FROM outbox WHERE id = OLD.draft AND kind = 'interview'
    AND revision > coalesce((SELECT revision FROM reopened WHERE draft = OLD.draft AND NOT withdrawn), 0))
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: step'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER reopened_delete BEFORE DELETE ON reopened WHEN EXISTS (SELECT 1 FROM draft WHERE id = OLD.draft)
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: reopened'); END;
-- +goose StatementEnd

-- What a supervisor wrote, as it was pulled, closed; read is when the interviewer said so, milliseconds UTC, 0 for not yet.
CREATE TABLE message (
    id    TEXT PRIMARY KEY,
    study TEXT NOT NULL,
    at    INTEGER NOT NULL,
    body  BLOB NOT NULL,
    read  INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
CREATE INDEX message_unread ON message (id) WHERE read = 0;

-- Who the interviewers of this device are, as it was pulled, closed.
CREATE TABLE card (
    interviewer TEXT PRIMARY KEY, -- the SHA-256 of the code
    body        BLOB NOT NULL
) STRICT, WITHOUT ROWID;
