-- +goose Up
-- The visits that central believed before the latest, the latest of them first, with spaces between them: two lives of a device find
-- there where they parted.
ALTER TABLE epochs ADD COLUMN trail TEXT NOT NULL DEFAULT '';
