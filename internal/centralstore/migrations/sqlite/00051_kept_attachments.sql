-- +goose Up

-- +goose StatementBegin
CREATE TRIGGER attachments_are_kept BEFORE DELETE ON attachments BEGIN SELECT RAISE(ABORT, 'attachments are never deleted'); END;
-- +goose StatementEnd
