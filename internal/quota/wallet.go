package quota

import "slices"

// Holding is what a device has of one constraint in its present epoch. Granted and Returned are totals over the epoch and only grow.
// Free may be negative where a laptop lent what it did not have.
type Holding struct {
	Granted   int `json:"granted"`   // as central said last
	Lent      int `json:"lent"`      // by laptops, beyond what central has counted in Granted
	Reserved  int `json:"reserved"`  // interviews that go on
	Committed int `json:"committed"` // interviews that were completed
	Returned  int `json:"returned"`
}

// Free is how many more interviews may begin.
func (h Holding) Free() int { return h.Granted + h.Lent - h.Reserved - h.Committed - h.Returned }

// Wallet is a device's holdings by constraint. Hard constraints without a holding are full for this device.
type Wallet map[string]Holding

// Full lists the constraints among cells in which no right is left. Only hard constraints are to be asked about.
func (w Wallet) Full(cells []string) (full []string) {
	for _, c := range cells {
		if w[c].Free() < 1 {
			full = append(full, c)
		}
	}
	return full
}

// Reserve takes a right in each constraint or, where one has none, in none at all.
func (w Wallet) Reserve(cells []string) bool {
	if len(w.Full(cells)) > 0 {
		return false
	}
	w.change(cells, func(h *Holding) { h.Reserved++ })
	return true
}

// Commit turns what was reserved into a completed interview's.
func (w Wallet) Commit(cells []string) {
	w.change(cells, func(h *Holding) { h.Reserved--; h.Committed++ })
}

// Release gives back what was reserved, because the interview was broken off or is void.
func (w Wallet) Release(cells []string) {
	w.change(cells, func(h *Holding) { h.Reserved-- })
}

// Keep gives free rights back until at most keep are free; it returns how many. Central is told with the next statement.
func (w Wallet) Keep(constraint string, keep int) int {
	h := w[constraint]
	n := max(h.Free()-max(keep, 0), 0)
	h.Returned += n
	w[constraint] = h
	return n
}

// Told takes up how many rights central says it has granted in all.
func (w Wallet) Told(constraint string, granted int) {
	h := w[constraint]
	h.Granted = max(h.Granted, granted)
	w[constraint] = h
}

func (w Wallet) change(cells []string, do func(*Holding)) {
	for _, c := range slices.Compact(slices.Sorted(slices.Values(cells))) {
		h := w[c]
		do(&h)
		w[c] = h
	}
}
