package simulation

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// truth is what central has acknowledged or heard, as it follows from the exchanges alone. It goes back in time with central.
type truth struct {
	epochs  map[string]string             // epoch to its device
	tokens  map[string]string             // token to its epoch
	newest  map[string]string             // device to its newest epoch
	high    map[string]int64              // the highest number heard of, by epoch
	trails  map[string][]string           // the visits believed, the latest first, by epoch
	arrived map[string]map[int64]struct{} // the numbers that came, by epoch
	told    map[numbered]struct{}         // the records whose numbers it was told of
	doubts  map[string]bool               // epochs of whose numbers the latest exchange leaves open whose they are
	held    map[delivery.Identity]delivery.Status
	reasons map[delivery.Identity]string
}

func newTruth() truth {
	return truth{
		epochs: map[string]string{}, tokens: map[string]string{}, newest: map[string]string{}, high: map[string]int64{}, trails: map[string][]string{},
		arrived: map[string]map[int64]struct{}{}, told: map[numbered]struct{}{},
		held: map[delivery.Identity]delivery.Status{}, reasons: map[delivery.Identity]string{},
	}
}

func (t truth) clone() truth {
	c := truth{
		epochs: maps.Clone(t.epochs), tokens: maps.Clone(t.tokens), newest: maps.Clone(t.newest), high: maps.Clone(t.high), trails: maps.Clone(t.trails),
		arrived: map[string]map[int64]struct{}{}, told: maps.Clone(t.told),
		held: maps.Clone(t.held), reasons: maps.Clone(t.reasons),
	}
	for epoch, numbers := range t.arrived {
		c.arrived[epoch] = maps.Clone(numbers)
	}
	return c
}

// learn reads an exchange that central finished.
func (t *truth) learn(w *world, r request, res *http.Response) {
	if res.StatusCode != http.StatusOK {
		return
	}
	path, _, _ := strings.Cut(r.url, "?")
	switch path {
	case protocol.PathEnrol:
		var a protocol.EnrolAnswer
		w.must(json.Unmarshal(inflated(w, res.Header, res), &a))
		t.epochs[a.Epoch], t.tokens[a.Token], t.newest[a.Device] = a.Device, a.Epoch, a.Epoch
	case protocol.PathPull:
		var a protocol.PullAnswer
		w.must(json.Unmarshal(inflated(w, res.Header, res), &a))
		t.sameAnswer(w, "pull", t.asker(r), t.hear(w, r), protocol.EpochGaps{Missing: a.Missing, Visit: a.Visit, Trail: a.Trail}, a.Earlier)
	case protocol.PathPush:
		var a protocol.PushAnswer
		w.must(json.Unmarshal(inflated(w, res.Header, res), &a))
		t.pushed(w, r, a)
	}
}

// asker is the device whose token came with a request.
func (t *truth) asker(r request) string {
	return t.epochs[t.tokens[strings.TrimPrefix(r.header.Get("Authorization"), "Bearer ")]]
}

// hear takes up what a device says of its epochs, and returns what central should answer, but for what is missing.
func (t *truth) hear(w *world, r request) []protocol.EpochGaps {
	device := t.asker(r)
	t.doubts = map[string]bool{}
	var answers []protocol.EpochGaps
	for i, said := range strings.Split(r.header.Get(protocol.EpochsHeader), ", ") {
		epoch, rest, _ := strings.Cut(said, ";")
		n := map[string]string{}
		for parameter := range strings.SplitSeq(rest, ";") {
			key, value, _ := strings.Cut(parameter, "=")
			n[key] = value
		}
		a := protocol.EpochGaps{Epoch: epoch}
		if t.epochs[epoch] == "" {
			t.epochs[epoch] = device
			if i == 0 {
				t.newest[device] = epoch
			}
		}
		if t.epochs[epoch] == device {
			t.believe(w, &a, n)
		}
		answers = append(answers, a)
		if i == 0 && t.epochs[epoch] != device {
			break // whoever is in another device's epoch is heard no further
		}
	}
	return answers
}

// believe takes up what is said of an epoch, and fills in what should be answered.
func (t *truth) believe(w *world, a *protocol.EpochGaps, n map[string]string) {
	trail, visit, after := t.trails[a.Epoch], n["visit"], n["after"]
	if len(trail) > 0 {
		if visit != "" && visit != trail[0] {
			a.Visit = trail[0]
		}
		// Either it goes on from the latest, or it is of an epoch that was given up on the way here.
		if visit != trail[0] && (visit != "" && after != trail[0] || visit == "" && after != "" && !slices.Contains(trail, after)) {
			a.Trail, t.doubts[a.Epoch] = trail, !slices.Contains(trail, visit)
			return
		}
	}
	if visit == "" && len(trail) == 0 {
		visit = after
	}
	if visit != "" && !slices.Contains(trail, visit) {
		trail = append([]string{visit}, trail...)
		t.trails[a.Epoch] = trail[:min(len(trail), 1+delivery.TrailKept)]
	}
	t.high[a.Epoch] = max(t.high[a.Epoch], number(n["high"]))
	if visit == "" {
		return // what was given up is told of with the visit it goes up to, or was
	}
	for _, r := range w.visits[visit] {
		t.told[r] = struct{}{}
	}
}

// number reads a number; 0 where there is none.
func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}

func (t *truth) sameAnswer(w *world, where, device string, want []protocol.EpochGaps, present protocol.EpochGaps, earlier []protocol.EpochGaps) {
	for i, a := range want {
		got := present
		if i > 0 {
			got = protocol.EpochGaps{}
			if at := slices.IndexFunc(earlier, func(e protocol.EpochGaps) bool { return e.Epoch == a.Epoch }); at >= 0 {
				got = earlier[at]
			}
		}
		if got.Visit != a.Visit || !slices.Equal(got.Trail, a.Trail) {
			w.fail("%s tells of the visit %q and the trail %q; they are %q and %q", where, got.Visit, got.Trail, a.Visit, a.Trail)
		}
		if t.epochs[a.Epoch] != device {
			if len(got.Missing) > 0 {
				w.fail("%s tells of another device's gaps", where)
			}
			continue
		}
		t.sameGaps(w, where, a.Epoch, got.Missing)
	}
}

func (t *truth) pushed(w *world, r request, a protocol.PushAnswer) {
	want := t.hear(w, r)
	device := t.asker(r)
	data, err := new(protocol.Inflater).Read(bytes.NewReader(r.body), r.header.Get("Content-Encoding"), protocol.MaxBatchBytes)
	w.must(err)
	records, err := protocol.ReadBatch(data)
	w.must(err)
	if len(records) != len(a.Receipts) {
		w.fail("%d receipts for %d records", len(a.Receipts), len(records))
	}
	for i, receipt := range a.Receipts {
		record := records[i]
		if t.epochs[record.Epoch] == device && !t.doubts[record.Epoch] {
			if t.arrived[record.Epoch] == nil {
				t.arrived[record.Epoch] = map[int64]struct{}{}
			}
			t.arrived[record.Epoch][record.Seq] = struct{}{}
		}
		t.held[receipt.Identity()] = receipt.Status
		t.reasons[receipt.Identity()] = receipt.Reason
		if receipt.Status == delivery.Quarantined && receipt.Reason == "" {
			w.fail("quarantined without a reason")
		}
	}
	t.sameAnswer(w, "push", device, want, protocol.EpochGaps{Missing: a.Missing, Visit: a.Visit, Trail: a.Trail}, a.Earlier)
}

// gaps are the numbers of an epoch that were given out, as far as central was told, and did not arrive.
func (t *truth) gaps(epoch string) []delivery.Range {
	here, high := t.arrived[epoch], t.high[epoch]
	for n := range here {
		high = max(high, n)
	}
	var gaps []delivery.Range
	for n := int64(1); n <= high; n++ {
		if _, ok := here[n]; ok {
			continue
		}
		if last := len(gaps) - 1; last >= 0 && gaps[last].Last == n-1 {
			gaps[last].Last = n
			continue
		}
		gaps = append(gaps, delivery.Range{First: n, Last: n})
	}
	return gaps
}

func (t *truth) sameGaps(w *world, where, epoch string, told []delivery.Range) {
	if true := t.gaps(epoch); !slices.Equal(told, true) {
		w.fail("%s tells of the gaps %v; they are %v", where, told, true)
	}
}

// inflated reads an answer and leaves it to be read again.
func inflated(w *world, h http.Header, res *http.Response) []byte {
	raw, err := io.ReadAll(res.Body)
	w.must(err)
	res.Body = io.NopCloser(bytes.NewReader(raw))
	data, err := new(protocol.Inflater).Read(bytes.NewReader(raw), h.Get("Content-Encoding"), protocol.MaxAnswerBytes)
	w.must(err)
	return data
}
