-- +goose Up

-- answer counts the answers of laptops: that of the latest in which the till said what it passed on; 0 where none is remembered.
ALTER TABLE loan ADD COLUMN answer INTEGER NOT NULL DEFAULT 0;
