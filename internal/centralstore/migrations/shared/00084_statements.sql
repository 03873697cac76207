-- +goose Up

-- The number of the latest statement that was heard of an epoch's rights; an earlier one comes late and is granted nothing.
ALTER TABLE paces ADD COLUMN number BIGINT NOT NULL DEFAULT 0;
