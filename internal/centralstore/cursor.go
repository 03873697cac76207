package centralstore

import (
	"encoding/base64"
	"encoding/json"
)

// cursor is where a reader stands: the number of the last change it has of each study. It is no secret and gives no rights: what is
// read from there on is what the reader may see.
type cursor struct {
	Incarnation string           `json:"i"`
	At          map[string]int64 `json:"at"`
}

// mostCursor bounds what a reader may send as a cursor.
const mostCursor = 64 << 10

func (c cursor) text() (string, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return "", wrap("writing the cursor", err)
	}
	return base64.RawURLEncoding.EncodeToString(data), nil
}

// readCursor starts over for "" and for a cursor of another incarnation of the database, whose numbers mean something else.
func (s *store) readCursor(text string) (cursor, error) {
	start := cursor{Incarnation: s.self.incarnation, At: map[string]int64{}}
	if text == "" {
		return start, nil
	}
	bad := fail(BadCursor, "The cursor cannot be read. Leave it out to begin again.")
	if len(text) > mostCursor {
		return start, bad
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return start, bad
	}
	var c cursor
	if err := json.Unmarshal(data, &c); err != nil || c.At == nil {
		return start, bad
	}
	if c.Incarnation != s.self.incarnation {
		return start, nil
	}
	return c, nil
}
