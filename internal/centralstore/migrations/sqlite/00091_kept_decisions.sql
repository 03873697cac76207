-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are never deleted'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER decisions_are_true BEFORE UPDATE ON decisions BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
-- +goose StatementEnd
-- INSERT OR REPLACE deletes without asking the trigger that forbids it.
-- +goose StatementBegin
CREATE TRIGGER decisions_are_added_to BEFORE INSERT ON decisions WHEN EXISTS (SELECT 1 FROM decisions WHERE study = NEW.study AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'decisions are never changed'); END;
-- +goose StatementEnd
