-- +goose Up

CREATE TRIGGER attachments_are_kept BEFORE DELETE ON attachments FOR EACH ROW EXECUTE FUNCTION refuse('attachments are never deleted');
