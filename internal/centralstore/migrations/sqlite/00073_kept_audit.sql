-- +goose Up

-- INSERT OR REPLACE deletes without asking the trigger that forbids it.
-- +goose StatementBegin
CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- +goose StatementEnd
