-- +goose Up

-- The public half of the key for handed-in files, which every central of this database must have.
ALTER TABLE central ADD COLUMN hand_in TEXT NOT NULL DEFAULT '';
