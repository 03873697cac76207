-- +goose Up

-- Each line carries the SHA-256 of itself and of the hash before it; lines from before this have none, and the first hash covers them.
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_of_study ON audit (study, n);
CREATE INDEX audit_looks ON audit (actor, action, at);

-- The newest line.
ALTER TABLE central ADD COLUMN audit_n BIGINT NOT NULL DEFAULT 0;
ALTER TABLE central ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';

-- INSERT OR REPLACE deletes without asking the trigger that forbids it.
-- +goose StatementBegin
CREATE TRIGGER audit_is_added_to BEFORE INSERT ON audit WHEN EXISTS (SELECT 1 FROM audit WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;
-- +goose StatementEnd
