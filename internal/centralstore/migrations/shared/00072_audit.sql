-- +goose Up

-- Each line carries the SHA-256 of itself and of the hash before it; lines from before this have none, and the first hash covers them.
ALTER TABLE audit ADD COLUMN hash TEXT NOT NULL DEFAULT '';
CREATE INDEX audit_of_study ON audit (study, n);
CREATE INDEX audit_looks ON audit (actor, action, at);

-- The newest line. Whoever writes one holds the row until the commit.
ALTER TABLE central ADD COLUMN audit_n BIGINT NOT NULL DEFAULT 0;
ALTER TABLE central ADD COLUMN audit_hash TEXT NOT NULL DEFAULT '';
