-- +goose Up

-- heard is the visit that central is known to have heard of last; it believes a next one only from who knows that.
ALTER TABLE epoch ADD COLUMN heard TEXT NOT NULL DEFAULT '';
UPDATE epoch SET heard = coalesce((SELECT name FROM visit WHERE visit.epoch = epoch.epoch AND confirmed ORDER BY number DESC LIMIT 1), '');
