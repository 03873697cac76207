package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"parvis/internal/delivery"
)

// mostEpochs is how many epochs a device may bring itself that have not ended more than a day ago; it brings one when it is set back to a
// copy, and those that central forgot when it was restored from a backup.
const mostEpochs = 200

// told is what a device says of its epochs, the present one first. One that does not name them, as older apps do, means the epoch of
// its token.
func told(who Principal, epochs []delivery.EpochNumbers, high int64) []delivery.EpochNumbers {
	if len(epochs) == 0 {
		epochs = []delivery.EpochNumbers{{Epoch: who.Epoch, High: high}}
	}
	bounded := make([]delivery.EpochNumbers, len(epochs))
	for i, e := range epochs {
		e.Epoch = storable(e.Epoch)
		e.High = min(max(e.High, 0), mostSeq)
		bounded[i] = e
	}
	return bounded
}

// epochRow is what is kept of an epoch.
type epochRow struct {
	device        string
	started       int64
	high, visits  int64
	visit         string
	trail         []string // the visits before it, the latest first
	known, others bool     // others: it is another device's
	ended, lost   bool
}

func readEpoch(ctx context.Context, tx *sql.Tx, id, device string) (e epochRow, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT device, started_at, high_seq, visits, visit, trail, ended_at IS NOT NULL, lost_at IS NOT NULL FROM epochs WHERE id = $1`, id)
	if err != nil {
		return e, fmt.Errorf("reading the epoch: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var trail string
		if err := rows.Scan(&e.device, &e.started, &e.high, &e.visits, &e.visit, &trail, &e.ended, &e.lost); err != nil {
			return e, fmt.Errorf("reading the epoch: %w", err)
		}
		e.trail = strings.Fields(trail)
		e.known, e.others = true, e.device != device
	}
	return e, wrap("reading the epoch", rows.Err())
}

// visitCount is the count a visit begins with; 0 for none.
func visitCount(visit string) int64 {
	count, _, _ := strings.Cut(visit, "-")
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// hears tells whether what a device says with a visit is to be believed: it is the latest that central knows, or comes after that. What
// another life of the device says, from before it was set back or after it was copied, comes after another visit. An older app does not
// tell after which; the count of its visit has to do. Of an epoch that the device gave up, numbers are told up to a visit that central
// went by too.
func (e epochRow) hears(n delivery.EpochNumbers) bool {
	switch {
	case n.Visit == e.visit || e.visit == "":
		return true
	case n.Visit == "":
		return n.After == "" || e.wentBy(n.After)
	case n.After != "":
		return n.After == e.visit
	}
	return visitCount(n.Visit) > e.visits
}

// wentBy tells whether a visit is one that central believed.
func (e epochRow) wentBy(visit string) bool {
	return visit != "" && (visit == e.visit || slices.Contains(e.trail, visit))
}

// numbers tells whether the numbers of records that come with what is said mean the same to the device as to central: not those of a life
// of which central has not heard.
func (e epochRow) numbers(n delivery.EpochNumbers) bool { return e.hears(n) || e.wentBy(n.Visit) }

// remembered are the visits that central believed, the latest first.
func (e epochRow) remembered() []string {
	if e.visit == "" {
		return nil
	}
	return append([]string{e.visit}, e.trail...)
}

// next is the latest visit once what the device says was believed; "" for none.
func (e epochRow) next(n delivery.EpochNumbers) string {
	switch {
	case n.Visit != "":
		return n.Visit
	case e.visit == "":
		return n.After
	}
	return e.visit
}

// heard is what central makes of what a device says of its epochs.
type heard struct {
	epochs []delivery.EpochNumbers
	gaps   []delivery.EpochGaps // but for what is missing
	highs  []int64              // the highest number told of, by epoch; negative for another device's
	doubts map[string]bool      // epochs whose numbers may be another life's
	news   bool                 // there is something to note
}

// listen weighs what a device says of its epochs.
func listen(ctx context.Context, tx *sql.Tx, who Principal, epochs []delivery.EpochNumbers) (h heard, err error) {
	h = heard{epochs: epochs, gaps: make([]delivery.EpochGaps, len(epochs)), highs: make([]int64, len(epochs)), doubts: map[string]bool{}}
	for i, n := range epochs {
		h.gaps[i].Epoch = n.Epoch
		e, err := readEpoch(ctx, tx, n.Epoch, who.Device)
		if err != nil {
			return h, err
		}
		if e.others {
			h.highs[i] = -1
			continue
		}
		h.highs[i] = e.high
		h.doubts[n.Epoch] = !e.numbers(n)
		if e.hears(n) {
			h.highs[i] = max(e.high, n.High)
			h.news = h.news || e.next(n) != e.visit
		} else {
			h.gaps[i].Trail = e.remembered()
		}
		if n.Visit != "" && n.Visit != e.visit {
			h.gaps[i].Visit = e.visit
		}
		h.news = h.news || !e.known || h.highs[i] > e.high
	}
	return h, nil
}

// missing looks what of the device's epochs has not come by now.
func (h heard) missing(ctx context.Context, tx *sql.Tx) (_ []delivery.EpochGaps, err error) {
	for i := range h.gaps {
		if h.highs[i] < 0 {
			continue
		}
		if h.gaps[i].Missing, err = missing(ctx, tx, h.gaps[i].Epoch, h.highs[i]); err != nil {
			return nil, err
		}
	}
	return h.gaps, nil
}

// hear notes what a device says of its epochs.
func (s *store) hear(ctx context.Context, tx *sql.Tx, who Principal, epochs []delivery.EpochNumbers) error {
	var present int64 // when the present epoch began
	for i, n := range epochs {
		e, err := readEpoch(ctx, tx, n.Epoch, who.Device)
		if err != nil {
			return err
		}
		if !e.known {
			if e, err = s.bringEpoch(ctx, tx, who, n.Epoch, present-int64(i)); err != nil {
				return err
			}
		}
		if i == 0 {
			if present = e.started; !e.known || e.others {
				return nil // it is not this device's to tell
			}
		}
		if !e.known || e.others || !e.hears(n) {
			continue
		}
		visit, trail := e.next(n), e.trail
		if visit != e.visit {
			trail = e.remembered()
		}
		if _, err := tx.ExecContext(ctx, `UPDATE epochs SET high_seq = $1, visit = $2, visits = $3, trail = $4 WHERE id = $5`,
			max(e.high, n.High), visit, visitCount(visit), strings.Join(trail[:min(len(trail), delivery.TrailKept)], " "), n.Epoch); err != nil {
			return fmt.Errorf("noting the device's numbers: %w", err)
		}
	}
	return nil
}

// bringEpoch takes over an epoch that central does not know: the device began it itself when it found that it was set back to a copy,
// or central forgot it. began is when an earlier one counts as begun; what is not positive means the present one, which begins now.
func (s *store) bringEpoch(ctx context.Context, tx *sql.Tx, who Principal, id string, began int64) (e epochRow, err error) {
	var n int
	if err := tx.QueryRowContext(ctx, `SELECT COUNT(*) FROM epochs WHERE device = $1 AND (ended_at IS NULL OR ended_at > $2)`, who.Device, s.now()-dayMillis).Scan(&n); err != nil {
		return e, fmt.Errorf("counting the epochs: %w", err)
	}
	if n >= mostEpochs {
		return e, nil
	}
	now := s.now()
	ended := any(now)
	if began <= 0 {
		if err := endEpochs(ctx, tx, who.Device, now); err != nil {
			return e, err
		}
		began, ended = now, nil
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO epochs (id, device, interviewer, started_at, ended_at) VALUES ($1, $2, $3, $4, $5)`,
		id, who.Device, who.Interviewer, began, ended); err != nil {
		return e, fmt.Errorf("taking over the epoch: %w", err)
	}
	if err := s.auditDevice(ctx, tx, "device:"+who.Device, "device began an epoch", who.Device, ""); err != nil {
		return e, err
	}
	return epochRow{device: who.Device, started: began, known: true}, nil
}
