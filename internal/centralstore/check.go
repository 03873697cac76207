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
	essence
	cause Cause // "" where the record may be stored
	first bool  // no revision of the record was here before
}

// kinds are those central knows.
func kinds() []delivery.Kind {
	return []delivery.Kind{delivery.KindShift, delivery.KindContact, delivery.KindInterview, delivery.KindRead}
}

// check looks at a record by itself.
func check(in delivery.Incoming) checked {
	in.ID, in.Study, in.Epoch, in.SHA256, in.Kind = storable(in.ID), storable(in.Study), storable(in.Epoch), storable(in.SHA256), delivery.Kind(storable(string(in.Kind)))
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
		c.essence = e
		c.site = storable(e.site)
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
	attachments     []interview.Attachment // the files it names
	// at and disposition are what it counts as; a zero at for what is not counted.
	at          interview.Moment
	disposition interview.Disposition
	// cells are the quota constraints an interview is to count in, rights those its device used for it.
	cells  []string
	rights map[string]int
	lent   *interview.Lent // what laptops had passed on to it for this; nil for nothing
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
		return essence{id: s.ID, study: s.Study, site: s.Site, practice: s.Practice, whole: !s.Started.IsZero(), at: s.Started}, err
	case delivery.KindContact:
		var c interview.Contact
		err := json.Unmarshal(r.Body, &c)
		return essence{id: c.ID, study: c.Study, site: c.Site, practice: c.Practice, whole: c.Disposition.Valid(), at: c.At, disposition: c.Disposition}, err
	case delivery.KindRead:
		var m interview.MessageRead
		err := json.Unmarshal(r.Body, &m)
		return essence{id: m.ID, study: m.Study, site: m.Site, whole: isUUID(m.Message)}, err
	}
	var i interview.Interview
	err := json.Unmarshal(r.Body, &i)
	cells, rights := quotaOf(i)
	return essence{
		id: i.ID, study: i.Study, site: i.Site, practice: i.Practice, whole: i.Disposition.Valid() && i.Answers != "",
		attachments: i.Attachments, at: i.Started, disposition: i.Disposition, cells: cells, rights: rights, lent: i.Lent,
	}, err
}
