-- +goose Up

-- The latest visit that a device told of in an epoch, with the count it begins with.
ALTER TABLE epochs ADD COLUMN visit TEXT NOT NULL DEFAULT '';
ALTER TABLE epochs ADD COLUMN visits BIGINT NOT NULL DEFAULT 0;
