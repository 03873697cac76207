-- +goose Up

-- Pictures given as answers. A row is there before the answer that names it; when the interview ends, those that no answer names are
-- marked replaced. The bytes are closed by the data key, chunk by chunk, so that sending goes on where it stopped.
CREATE TABLE attachment (
    interview TEXT NOT NULL,
    name      TEXT NOT NULL,
    study     TEXT NOT NULL,
    practice  INTEGER NOT NULL,
    sha256    TEXT NOT NULL,
    size      INTEGER NOT NULL,
    state     TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'replaced')),
    made      INTEGER NOT NULL,
    answered  INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (interview, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_waiting ON attachment (made) WHERE state = 'waiting' AND practice = 0;

CREATE TABLE attachment_chunk (
    interview TEXT NOT NULL,
    name      TEXT NOT NULL,
    at        INTEGER NOT NULL,
    body      BLOB NOT NULL,
    UNIQUE (interview, name, at),
    FOREIGN KEY (interview, name) REFERENCES attachment (interview, name)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER attachment_delete BEFORE DELETE ON attachment WHEN OLD.state = 'waiting' AND OLD.practice = 0
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: attachment'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attachment_chunk_delete BEFORE DELETE ON attachment_chunk
WHEN EXISTS (SELECT 1 FROM attachment a WHERE a.interview = OLD.interview AND a.name = OLD.name AND a.state = 'waiting' AND a.practice = 0)
BEGIN SELECT RAISE(ABORT, 'nothing unsent is ever deleted: attachment_chunk'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attachment_alter BEFORE UPDATE OF interview, name, study, practice, sha256, size, made ON attachment
BEGIN SELECT RAISE(ABORT, 'a picture is never altered: attachment'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attachment_chunk_alter BEFORE UPDATE ON attachment_chunk
BEGIN SELECT RAISE(ABORT, 'a picture is never altered: attachment_chunk'); END;
-- +goose StatementEnd

-- Only while an interview runs can a picture be replaced; one that its ended interview names stays.

-- +goose StatementBegin
CREATE TRIGGER attachment_replaced BEFORE UPDATE OF state ON attachment
WHEN NEW.state = 'replaced' AND OLD.practice = 0 AND NOT EXISTS (SELECT 1 FROM draft WHERE id = OLD.interview)
BEGIN SELECT RAISE(ABORT, 'the interview has ended: attachment'); END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attachment_practice BEFORE UPDATE OF state ON attachment WHEN NEW.state = 'sent' AND OLD.practice <> 0
BEGIN SELECT RAISE(ABORT, 'practice is never sent: attachment'); END;
-- +goose StatementEnd
