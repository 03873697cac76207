package centralstore

import (
	"encoding/json"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// mostSeq bounds sequence numbers, so that arithmetic on them never overflows.
const mostSeq = 1 << 53

// checked is a record of a batch after everything that needs no database was looked at.
type checked struct {
	delivery.Incoming
	cause Cause // "" where the record may be stored
	site  string
	first bool // no revision of the record was here before
	// attachments are the files it names.
	attachments []interview.Attachment
}

// kinds are those central knows.
func kinds() []delivery.Kind {
	return []delivery.Kind{delivery.KindShift, delivery.KindContact, delivery.KindInterview, delivery.KindRead}
}

// check looks at a record by itself.
func check(in delivery.Incoming) checked {
	c := checked{Incoming: in}
	switch {
	case in.Err != nil:
		c.cause = Unreadable
	case !isUUID(in.ID):
		c.cause = BadID
	case !slices.Contains(kinds(), in.Kind):
		c.cause = UnknownKind
	case in.Revision < 1 || in.Revision > 1<<30 || in.Seq < 1 || in.Seq > mostSeq:
		c.cause = BadNumber
	case delivery.Sum(in.Body) != in.SHA256:
		c.cause = BadSum
	default:
		var e essence
		c.cause, e = checkBody(in.Record)
		c.site, c.attachments = e.site, e.attachments
	}
	return c
}

// isUUID wants the one canonical form, since a record has one id.
func isUUID(id string) bool {
	u, err := uuid.Parse(id)
	return err == nil && u.String() == id
}

// essence is what central needs of a body whatever its kind.
type essence struct {
	id, study, site string
	practice, whole bool
	attachments     []interview.Attachment
}

func checkBody(r delivery.Record) (Cause, essence) {
	if !utf8.Valid(r.Body) {
		return BadBody, essence{}
	}
	e, err := readBody(r)
	switch {
	case err != nil || !e.whole:
		return BadBody, essence{}
	case e.id != r.ID || e.study != r.Study:
		return OtherBody, essence{}
	case e.practice:
		return Practice, essence{}
	}
	return "", e
}

func readBody(r delivery.Record) (essence, error) {
	switch r.Kind {
	case delivery.KindShift:
		var s interview.Shift
		err := json.Unmarshal(r.Body, &s)
		return essence{s.ID, s.Study, s.Site, s.Practice, !s.Started.IsZero(), nil}, err
	case delivery.KindContact:
		var c interview.Contact
		err := json.Unmarshal(r.Body, &c)
		return essence{c.ID, c.Study, c.Site, c.Practice, c.Disposition.Valid(), nil}, err
	case delivery.KindRead:
		var m interview.MessageRead
		err := json.Unmarshal(r.Body, &m)
		return essence{m.ID, m.Study, m.Site, false, isUUID(m.Message), nil}, err
	}
	var i interview.Interview
	err := json.Unmarshal(r.Body, &i)
	return essence{i.ID, i.Study, i.Site, i.Practice, i.Disposition.Valid() && i.Answers != "", i.Attachments}, err
}
