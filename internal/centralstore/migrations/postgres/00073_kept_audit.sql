-- +goose Up

CREATE TRIGGER audit_is_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION refuse('the audit log is only added to');
CREATE TRIGGER records_are_whole BEFORE TRUNCATE ON records FOR EACH STATEMENT EXECUTE FUNCTION refuse('records are never deleted');
CREATE TRIGGER attachments_are_whole BEFORE TRUNCATE ON attachments FOR EACH STATEMENT EXECUTE FUNCTION refuse('attachments are never deleted');
