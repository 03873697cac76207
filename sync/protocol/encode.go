package protocol

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
)

// AppendBatch appends the JSON of a Batch. encoding/json rewrites the white space and some letters of an embedded body; here
// each body's bytes stay as they are. A body that cannot stand in JSON as it is, such as one damaged on its device, travels in
// base64 under "raw" instead of "body", so that it spoils nothing beside it and arrives whole.
func AppendBatch(dst []byte, records []Record) []byte {
	dst = append(dst, `{"records":[`...)
	for i, r := range records {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = AppendRecord(dst, r)
		dst = append(dst, '}')
	}
	return append(dst, `]}`...)
}

// AppendRecord appends the JSON of a record without its closing brace, so that more members can follow.
func AppendRecord(dst []byte, r Record) []byte {
	dst = appendMember(dst, `{"id":`, r.ID)
	dst = appendMember(dst, `,"kind":`, string(r.Kind))
	dst = append(dst, `,"revision":`...)
	dst = strconv.AppendInt(dst, int64(r.Revision), 10)
	dst = appendMember(dst, `,"study":`, r.Study)
	dst = appendMember(dst, `,"epoch":`, r.Epoch)
	dst = append(dst, `,"seq":`...)
	dst = strconv.AppendInt(dst, r.Seq, 10)
	dst = appendMember(dst, `,"sha256":`, r.SHA256)
	if Embeddable(r.Body) {
		dst = append(dst, `,"body":`...)
		return append(dst, r.Body...)
	}
	dst = append(dst, `,"raw":"`...)
	dst = base64.StdEncoding.AppendEncode(dst, r.Body)
	return append(dst, '"')
}

// AppendStored appends the JSON of a StoredRecord, its body's bytes kept.
func AppendStored(dst []byte, r StoredRecord) []byte {
	dst = AppendRecord(dst, r.Record)
	dst = appendMember(dst, `,"device":`, r.Device)
	dst = appendMember(dst, `,"interviewer":`, r.Interviewer)
	dst = append(dst, `,"received_at":`...)
	dst = strconv.AppendInt(dst, r.ReceivedAt, 10)
	dst = append(dst, `,"skew_ms":`...)
	dst = strconv.AppendInt(dst, r.SkewMS, 10)
	if r.Provisional {
		dst = append(dst, `,"provisional":true`...)
	}
	return append(dst, '}')
}

// AppendPullAnswer appends the JSON of a PullAnswer, the bytes of its items' bodies kept.
func AppendPullAnswer(dst []byte, a PullAnswer) []byte {
	dst = appendMember(dst, `{"cursor":`, a.Cursor)
	if a.More {
		dst = append(dst, `,"more":true`...)
	}
	dst = append(dst, `,"items":[`...)
	for i, item := range a.Items {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, `{"kind":`, string(item.Kind))
		dst = appendMember(dst, `,"id":`, item.ID)
		if len(item.Body) > 0 {
			dst = append(dst, `,"body":`...)
			dst = append(dst, item.Body...)
		}
		dst = append(dst, '}')
	}
	dst = append(dst, ']')
	dst = appendRanges(dst, `,"missing":[`, a.Missing)
	if a.Visit != "" {
		dst = appendMember(dst, `,"visit":`, a.Visit)
	}
	dst = appendTrail(dst, a.Trail)
	dst = appendEarlier(dst, a.Earlier)
	if a.Incarnation != "" {
		dst = appendMember(dst, `,"incarnation":`, a.Incarnation)
	}
	return append(dst, '}')
}

func appendEarlier(dst []byte, earlier []EpochGaps) []byte {
	for i, e := range earlier {
		if i == 0 {
			dst = append(dst, `,"earlier":[`...)
		} else {
			dst = append(dst, ',')
		}
		dst = appendMember(dst, `{"epoch":`, e.Epoch)
		dst = appendRanges(dst, `,"missing":[`, e.Missing)
		if e.Visit != "" {
			dst = appendMember(dst, `,"visit":`, e.Visit)
		}
		dst = appendTrail(dst, e.Trail)
		dst = append(dst, '}')
	}
	if len(earlier) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

// appendTrail appends a member with visits, nothing where there are none.
func appendTrail(dst []byte, trail []string) []byte {
	name := `,"trail":[`
	for _, visit := range trail {
		dst, name = appendMember(dst, name, visit), ","
	}
	if len(trail) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

// appendRanges appends a member with ranges, nothing where there are none.
func appendRanges(dst []byte, name string, ranges []Range) []byte {
	for i, r := range ranges {
		if i == 0 {
			dst = append(dst, name...)
		} else {
			dst = append(dst, ',')
		}
		dst = append(dst, `{"first":`...)
		dst = strconv.AppendInt(dst, r.First, 10)
		dst = append(dst, `,"last":`...)
		dst = strconv.AppendInt(dst, r.Last, 10)
		dst = append(dst, '}')
	}
	if len(ranges) > 0 {
		dst = append(dst, ']')
	}
	return dst
}

// Embeddable tells whether body can stand in JSON with every byte kept: it is one JSON value and has no white space around it.
func Embeddable(body []byte) bool {
	return len(body) > 0 && len(bytes.TrimSpace(body)) == len(body) && json.Valid(body)
}

func appendMember(dst []byte, name, value string) []byte {
	dst = append(dst, name...)
	if plain(value) {
		dst = append(dst, '"')
		dst = append(dst, value...)
		return append(dst, '"')
	}
	quoted, err := json.Marshal(value)
	if err != nil { // a string always marshals
		quoted = []byte(`""`)
	}
	return append(dst, quoted...)
}

// plain tells whether value needs no escape in JSON.
func plain(value string) bool {
	for i := range len(value) {
		if c := value[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}
