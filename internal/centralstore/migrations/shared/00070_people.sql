-- +goose Up

-- A token may be narrower than its user: an empty role, study, region or site narrows nothing. used_at is coarse.
ALTER TABLE tokens ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN role TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN study TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN region TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN site TEXT NOT NULL DEFAULT '';
ALTER TABLE tokens ADD COLUMN used_at BIGINT;
CREATE INDEX tokens_of_user ON tokens (user_name);

-- One-time codes of people, RFC 6238. The secret is encrypted with a key that is not in the database. A code counts once: last_step is
-- the newest that was used. It is active once confirmed_at is set.
CREATE TABLE totp (
    user_name    TEXT PRIMARY KEY REFERENCES users (name),
    secret       BYTEA NOT NULL,
    begun_at     BIGINT NOT NULL,
    confirmed_at BIGINT,
    last_step    BIGINT NOT NULL,
    wrong        BIGINT NOT NULL,
    wrong_at     BIGINT NOT NULL
);

-- What a sign-in with an organisation's account leaves between its requests, for minutes: any central answers the next one.
CREATE TABLE sign_ins (
    state      TEXT PRIMARY KEY,
    browser    TEXT NOT NULL,
    nonce      TEXT NOT NULL,
    verifier   TEXT NOT NULL,
    redirect   TEXT NOT NULL,
    app_state  TEXT NOT NULL,
    challenge  TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- One-time codes with which an app fetches the token of such a sign-in, by their hashes.
CREATE TABLE sign_in_codes (
    hash       TEXT PRIMARY KEY,
    user_name  TEXT NOT NULL REFERENCES users (name),
    challenge  TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
