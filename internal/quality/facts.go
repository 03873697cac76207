package quality

import (
	"encoding/binary"
	"errors"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"parvis/internal/interview"
	"parvis/internal/xmltree"
)

// Facts are what is kept of one interview for flags: figures and fingerprints, no words and nothing personal.
type Facts struct {
	ID          string                `json:"-"`
	Interviewer string                `json:"-"`
	Site        string                `json:"-"`
	Shift       string                `json:"shift,omitempty"`
	Disposition interview.Disposition `json:"disposition"`
	// Started is milliseconds UTC of the device's wall clock; DurationMS the monotonic time the interview was open.
	Started    int64 `json:"started"`
	DurationMS int64 `json:"duration"`
	// Resumed tells that it was left and gone on with, so that another may lie between its start and its end.
	Resumed bool `json:"resumed,omitempty"`
	// Ahead is by how much it began after central had received it, milliseconds by the device's clock; 0 for not at all.
	Ahead int64 `json:"ahead,omitempty"`
	// Observed are observations made during the interview, impressions of the whole excepted, which are asked for.
	Observed int `json:"observed,omitempty"`
	// BrokeOffAt is the question without positions at which the respondent broke off.
	BrokeOffAt string `json:"broke_off_at,omitempty"`
	// Form is the Shape that Pattern, Batteries and Verbatims were made by; empty where the questionnaire was not there yet.
	Form string `json:"form,omitempty"`
	// Pattern has two bytes for each question that can be compared: a hash of its answer, 0 for none.
	Pattern []byte `json:"pattern,omitempty"`
	// Batteries are those with at least four answers, Straight those of them whose answers are all the same.
	Batteries int        `json:"batteries,omitempty"`
	Straight  int        `json:"straight,omitempty"`
	Verbatims []Verbatim `json:"verbatims,omitempty"`
	// At is where the device was; nil where no question asked for it.
	At *Point `json:"at,omitempty"`
}

// Verbatim is one answer in exact words, as a count and a hash of its words whatever their case and punctuation.
type Verbatim struct {
	Words int    `json:"w"`
	Hash  uint64 `json:"h"`
}

// Complete tells whether all was asked.
func (f Facts) Complete() bool { return f.Disposition == interview.Complete }

// Ended is when the interview ended, had nobody left it: milliseconds UTC.
func (f Facts) Ended() int64 { return f.Started + f.DurationMS }

// FactsOf reads an interview. receivedAt is when central got it, milliseconds UTC of the device's clock; 0 where that is not known.
// Answers that cannot be read make an error and Facts without what they would have told.
func FactsOf(i interview.Interview, s Shape, receivedAt int64) (Facts, error) {
	f := Facts{
		ID: i.ID, Interviewer: i.Interviewer, Site: i.Site, Shift: i.Shift, Disposition: i.Disposition, Started: i.Started.UTC, DurationMS: i.DurationMS,
		Resumed: len(i.Corrections) > 0, BrokeOffAt: generic(i.BreakOffAt), Form: s.Form,
	}
	for _, e := range i.Events {
		f.Resumed = f.Resumed || e.Kind == interview.EventLeave || e.Kind == interview.EventResume
	}
	for _, o := range i.Observations {
		if o.Rating == nil {
			f.Observed++
		}
	}
	if receivedAt > 0 {
		f.Ahead = max(0, i.Started.UTC-receivedAt)
	}
	if s.Form == "" || i.Answers == "" {
		return f, nil
	}
	doc, err := xmltree.Parse(strings.NewReader(i.Answers), xmltree.DefaultLimits())
	if err != nil || doc.Root() == nil {
		return f, errors.New("the answers cannot be read")
	}
	a := answers{shape: s, facts: &f, pattern: make([]uint16, len(s.closed)), batteries: map[int][]string{}}
	a.walk(doc.Root(), "/"+doc.Root().Name.Local)
	a.finish()
	return f, nil
}

// answers gathers what the answers tell.
type answers struct {
	shape     Shape
	facts     *Facts
	pattern   []uint16
	batteries map[int][]string
}

func (a *answers) walk(n *xmltree.Node, path string) {
	for kid := range n.Elements() {
		at := path + "/" + kid.Name.Local
		if !kid.IsLeaf() {
			a.walk(kid, at)
			continue
		}
		if value := strings.TrimSpace(kid.Text()); value != "" {
			a.answer(at, value)
		}
	}
}

func (a *answers) answer(path, value string) {
	if at, ok := a.shape.closed[path]; ok {
		a.pattern[at] = mark(value)
	}
	if b := a.shape.battery[path]; b > 0 {
		a.batteries[b] = append(a.batteries[b], value)
	}
	if a.shape.verbatim[path] {
		a.facts.Verbatims = append(a.facts.Verbatims, verbatim(value))
	}
	if a.shape.points[path] && a.facts.At == nil {
		a.facts.At = point(value)
	}
}

func (a *answers) finish() {
	for _, values := range a.batteries {
		if len(values) < leastBattery {
			continue
		}
		a.facts.Batteries++
		if len(slices.Compact(values)) == 1 {
			a.facts.Straight++
		}
	}
	for _, m := range a.pattern {
		a.facts.Pattern = binary.LittleEndian.AppendUint16(a.facts.Pattern, m)
	}
}

func hash(text string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(text)) // a hash takes everything
	return h.Sum64()
}

// mark is a hash of an answer that is never 0. Two answers in 65,535 look alike, which shifts no share that matters.
func mark(value string) uint16 {
	h := hash(value)
	return max(1, uint16(h^h>>16^h>>32^h>>48))
}

func verbatim(text string) Verbatim {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return Verbatim{Words: len(words), Hash: hash(strings.Join(words, " "))}
}

// point reads a geopoint: latitude, longitude and, where it is told, altitude and accuracy in metres.
func point(value string) *Point {
	var n []float64
	for _, part := range strings.Fields(value) {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return nil
		}
		n = append(n, v)
	}
	if len(n) < 2 {
		return nil
	}
	p := &Point{Lat: n[0], Lon: n[1]}
	if len(n) > 3 {
		p.Accuracy = n[3]
	}
	return p
}

// generic is a reference without positions.
func generic(ref string) string {
	var b strings.Builder
	inside := false
	for _, r := range ref {
		switch {
		case r == '[':
			inside = true
		case r == ']':
			inside = false
		case !inside:
			b.WriteRune(r)
		}
	}
	return b.String()
}
