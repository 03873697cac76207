package simulation

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/sync/protocol"
)

// holding is what central's store holds at a moment.
type holding struct {
	stored map[delivery.Identity]delivery.StoredRecord
	apart  map[delivery.Identity]centralstore.QuarantineEntry
}

// check compares central with what it has acknowledged and heard so far. It may be called at any moment.
func (w *world) check() {
	w.baton()
	defer w.baton()
	if w.central.store == nil {
		return
	}
	h := w.holding()
	w.checkGaps(h)
	for id, status := range w.central.truth.held {
		_, stored := h.stored[id]
		_, apart := h.apart[id]
		if !stored && (status != delivery.Quarantined || !apart) {
			w.fail("central acknowledged %v as %s and does not have it", id, status)
		}
	}
}

// checkGaps compares what central lists of each device with the numbers that were given out and did not arrive. Whatever else befell:
// a record whose number central was told of, and that central has not got, is covered by what it lists as missing.
func (w *world) checkGaps(h holding) {
	truth := &w.central.truth
	states, err := w.central.store.ListDevices(quiet())
	w.must(err)
	if len(states) != len(truth.newest) {
		w.fail("central lists %d devices of %d", len(states), len(truth.newest))
	}
	listed := map[string][]delivery.Range{}
	for _, s := range states {
		epoch := truth.newest[s.Device]
		if s.HighSeq != truth.high[epoch] {
			w.fail("central lists %d as the highest number, and heard of %d", s.HighSeq, truth.high[epoch])
		}
		all := append([]delivery.EpochState{{Epoch: epoch, Missing: s.Missing}}, s.Earlier...)
		for epoch, device := range truth.epochs {
			if device != s.Device {
				continue
			}
			state := delivery.EpochState{}
			if at := slices.IndexFunc(all, func(e delivery.EpochState) bool { return e.Epoch == epoch }); at >= 0 {
				state = all[at]
			}
			truth.sameGaps(w, "the list of devices", epoch, state.Missing)
			listed[epoch] = state.Missing
		}
	}
	for r := range truth.told {
		_, stored := h.stored[r.id]
		if _, apart := h.apart[r.id]; stored || apart {
			continue
		}
		if !slices.ContainsFunc(listed[r.at.epoch], func(gap delivery.Range) bool { return gap.First <= r.at.seq && r.at.seq <= gap.Last }) {
			w.fail("central was told of number %d of an epoch, has not got its record, and does not say so", r.at.seq)
		}
		w.count("missing")
	}
}

// holding reads central's store and checks each entry by itself: nothing is there that no device saved, no byte is other.
func (w *world) holding() holding {
	h := holding{stored: map[delivery.Identity]delivery.StoredRecord{}, apart: map[delivery.Identity]centralstore.QuarantineEntry{}}
	for _, r := range w.central.records() {
		if _, twice := h.stored[r.Identity()]; twice {
			w.fail("central stored a record twice")
		}
		if !bytes.Equal(w.ledger[r.Identity()], r.Body) {
			w.fail("central stored other bytes than the device saved")
		}
		h.stored[r.Identity()] = r
	}
	ids := map[string]bool{}
	for id := range h.stored {
		ids[id.ID] = true
	}
	entries, err := w.central.store.Quarantined(quiet(), 10_000)
	w.must(err)
	for _, e := range entries {
		read, err := protocol.ReadBatch(slices.Concat([]byte(`{"records":[`), e.Whole, []byte(`]}`)))
		w.must(err)
		r := read[0]
		saved, known := w.ledger[r.Identity()]
		if !known {
			w.fail("a record was quarantined that no device made")
		}
		was := r.Record
		was.Body = saved
		if !bytes.Equal(w.asSent(was).Body, r.Body) {
			w.fail("a record is in quarantine with other bytes than were sent")
		}
		if e.Reason == "" || !w.mayBe(e, r.Revision, r.Epoch, ids[e.ID]) {
			w.fail("a record of kind %s, revision %d, is in quarantine because of %q: %s", e.Kind, r.Revision, e.Cause, e.Reason)
		}
		w.count("quarantine " + string(e.Cause))
		h.apart[r.Identity()] = e
	}
	return h
}

// mayBe tells whether something happened that explains a quarantine; stored tells that central has a revision of that record.
func (w *world) mayBe(e centralstore.QuarantineEntry, revision int, epoch string, stored bool) bool {
	flaw := w.bad[e.ID]
	// Both phones of a copied state can end its drafts and revise its records.
	forked := w.copied && (revision > 1 || e.Kind == delivery.KindInterview)
	switch e.Cause {
	case centralstore.UnknownKind:
		return flaw == newKind
	case centralstore.BadSum:
		return flaw == badSum
	case centralstore.OtherDevice:
		// Two phones of a copied state become two devices where a restored central has forgotten the enrolment they shared; what both hold
		// is then the one's that brings it first.
		return flaw == stolenID || forked || w.reset && (revision > 1 || w.copied && stored)
	case centralstore.OtherBytes:
		return flaw == stolenID || forked
	case centralstore.UnknownEpoch:
		// A central that was restored remembers the epoch as another device's: a copied phone brought it first, or central forgot the
		// enrolment after it, and the device could not prove that it is the same one.
		owner := w.central.truth.epochs[epoch]
		return w.reset && owner != "" && owner != e.Device
	}
	return false
}

// heal mends everything and lets each device synchronise until there is nothing left to do.
func (w *world) heal() {
	w.note("everything is healed")
	w.plan = plan{slow: 1}
	if w.central.store == nil {
		w.central.open()
	}
	for _, d := range w.devices {
		if d.fallen != "" {
			d.rise()
		}
		d.halt()
		for d.store.IsLocked() {
			w.sleep(between(d.dice, 1, 1e9))
			d.unlock()
		}
		d.settle()
	}
}

// settle synchronises until that does nothing more.
func (d *device) settle() {
	for range 30 {
		if d.anew || d.shut {
			d.enrol()
		}
		r, err := d.agent.Sync(quiet())
		if err == nil && r.Sent+r.Requeued+len(r.Quarantined)+r.Attachments+r.Waiting.Records+r.Waiting.Attachments == 0 {
			return
		}
		if reason := r.Waiting; err != nil {
			d.w.note("device %d: %v, %+v", d.index, err, reason)
		}
	}
	d.w.fail("device %d does not come to rest", d.index)
}

// judge is the end: each record of each device is at central once, or apart and explained; nothing waits.
func (w *world) judge() {
	w.check()
	h := w.holding()
	for _, d := range w.devices {
		d.remembers()
		waiting, err := d.store.Waiting(quiet())
		w.must(err)
		flying, err := d.store.InFlight(quiet())
		w.must(err)
		if high, err := d.store.HighSeq(quiet(), d.epoch); err != nil || w.central.truth.high[d.epoch] < high {
			w.fail("device %d gave out %d numbers, central heard of %d, %v", d.index, high, w.central.truth.high[d.epoch], err)
		}
		if waiting != (delivery.Waiting{}) || len(flying) != 0 {
			w.fail("device %d still has %+v to send, %d in flight", d.index, waiting, len(flying))
		}
		for id := range d.memory.made {
			r, stored := h.stored[id]
			e, apart := h.apart[id]
			// Where a device was copied, each phone may have brought the record as its own: one is stored, the other explained.
			if twice := stored && apart && r.Device != e.Device && (w.copied || w.reset); stored == apart && !twice {
				w.fail("a record of device %d, revision %d: stored at central %t, in quarantine %t", d.index, id.Revision, stored, apart)
			}
		}
	}
	for _, r := range h.stored {
		if r.Kind == delivery.KindInterview {
			w.count("interviews")
			w.judgeFiles(r)
		}
	}
}

// judgeFiles looks at the pictures an interview names.
func (w *world) judgeFiles(r delivery.StoredRecord) {
	if !w.made(r.Identity()) || w.byHand {
		return // the device that had its pictures was lost, or central's loss of a picture alone went unnoticed
	}
	var i interview.Interview
	w.must(json.Unmarshal(r.Body, &i))
	for _, a := range i.Attachments {
		file, err := w.central.store.OpenAttachment(quiet(), researcher(), a.SHA256)
		if err != nil {
			w.fail("a picture of an interview is not at central: %v", err)
		}
		data, err := io.ReadAll(file)
		w.must(err)
		w.must(file.Close())
		if !bytes.Equal(data, w.files[a.SHA256]) {
			w.fail("a picture has other bytes at central")
		}
		w.count("pictures")
	}
}

// made tells whether a device that is left made the record.
func (w *world) made(id delivery.Identity) bool {
	return slices.ContainsFunc(w.devices, func(d *device) bool { return d.memory.made[id] })
}
