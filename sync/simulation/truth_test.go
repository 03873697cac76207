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
	arrived map[string]map[int64]struct{} // the numbers that came, by epoch
	held    map[delivery.Identity]delivery.Status
	reasons map[delivery.Identity]string
}

func newTruth() truth {
	return truth{
		epochs: map[string]string{}, tokens: map[string]string{}, newest: map[string]string{}, high: map[string]int64{},
		arrived: map[string]map[int64]struct{}{}, held: map[delivery.Identity]delivery.Status{}, reasons: map[delivery.Identity]string{},
	}
}

func (t truth) clone() truth {
	c := truth{
		epochs: maps.Clone(t.epochs), tokens: maps.Clone(t.tokens), newest: maps.Clone(t.newest), high: maps.Clone(t.high),
		arrived: map[string]map[int64]struct{}{}, held: maps.Clone(t.held), reasons: maps.Clone(t.reasons),
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
		epoch, high := t.asker(r)
		t.high[epoch] = max(t.high[epoch], high)
		t.sameGaps(w, "pull", epoch, high, a.Missing)
	case protocol.PathPush:
		var a protocol.PushAnswer
		w.must(json.Unmarshal(inflated(w, res.Header, res), &a))
		t.pushed(w, r, a)
	}
}

// asker is the epoch of the token, and the highest number the device says it has given out.
func (t *truth) asker(r request) (epoch string, high int64) {
	high, err := strconv.ParseInt(r.header.Get(protocol.HighSeqHeader), 10, 64)
	if err != nil {
		high = 0
	}
	return t.tokens[strings.TrimPrefix(r.header.Get("Authorization"), "Bearer ")], high
}

func (t *truth) pushed(w *world, r request, a protocol.PushAnswer) {
	epoch, high := t.asker(r)
	t.high[epoch] = max(t.high[epoch], high)
	data, err := new(protocol.Inflater).Read(bytes.NewReader(r.body), r.header.Get("Content-Encoding"), protocol.MaxBatchBytes)
	w.must(err)
	records, err := protocol.ReadBatch(data)
	w.must(err)
	if len(records) != len(a.Receipts) {
		w.fail("%d receipts for %d records", len(a.Receipts), len(records))
	}
	for i, receipt := range a.Receipts {
		record := records[i]
		if t.epochs[record.Epoch] == t.epochs[epoch] {
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
	t.sameGaps(w, "push", epoch, t.high[epoch], a.Missing)
}

// gaps are the numbers of an epoch that were given out, as far as central was told, and did not arrive.
func (t *truth) gaps(epoch string, high int64) []delivery.Range {
	here := t.arrived[epoch]
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

func (t *truth) sameGaps(w *world, where, epoch string, high int64, told []delivery.Range) {
	if true := t.gaps(epoch, high); !slices.Equal(told, true) {
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
