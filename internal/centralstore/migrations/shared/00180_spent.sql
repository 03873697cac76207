-- +goose Up
-- Rights that an epoch's device used for interviews which have come, whether they could be taken from its lease or not. Of interviews
-- that came before this is kept, those that were taken are known.
ALTER TABLE leases ADD COLUMN spent BIGINT NOT NULL DEFAULT 0;
UPDATE leases SET spent = used;

-- Those of an interview, as JSON, by constraint; empty where all were taken.
ALTER TABLE filed ADD COLUMN spent TEXT NOT NULL DEFAULT '';
