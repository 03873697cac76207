-- +goose Up

-- An epoch ends when its device enrols again, is revoked, or is lost. What of a lost one arrives later is kept like any record, and is
-- told by its time.
ALTER TABLE devices ADD COLUMN lost_at BIGINT;
ALTER TABLE epochs ADD COLUMN ended_at BIGINT;
ALTER TABLE epochs ADD COLUMN lost_at BIGINT;
