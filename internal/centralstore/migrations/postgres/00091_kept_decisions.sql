-- +goose Up

CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions FOR EACH ROW EXECUTE FUNCTION refuse('decisions are never deleted');
CREATE TRIGGER decisions_are_true BEFORE UPDATE ON decisions FOR EACH ROW EXECUTE FUNCTION refuse('decisions are never changed');
CREATE TRIGGER decisions_are_whole BEFORE TRUNCATE ON decisions FOR EACH STATEMENT EXECUTE FUNCTION refuse('decisions are never deleted');
