package fieldwork

// split gives each device its part of each cap.
type split struct{ left [][]int }

func newSplit(p Params) *split {
	s := &split{left: make([][]int, p.Devices)}
	for d := range s.left {
		s.left[d] = make([]int, len(p.Cells))
	}
	next := 0 // what does not divide goes round, so that no device gets all of it
	for c, cell := range p.Cells {
		for range cell.Cap + p.Tolerance {
			s.left[next%p.Devices][c]++
			next++
		}
	}
	return s
}

func (s *split) sync(int, float64)          {}
func (s *split) open(device, cell int) bool { return s.left[device][cell] > 0 }
func (s *split) takes(device, cell int, _ float64) bool {
	if !s.open(device, cell) {
		return false
	}
	s.left[device][cell]--
	return true
}

// stale lets each device go on until the count it knows is full: central's as the device fetched it at its last synchronisation, after
// it had delivered its own, and its own since, that which goes on included. It does not know of what others have begun or not delivered.
type stale struct {
	p       Params
	caps    []int
	central []int
	known   [][]int   // at the last synchronisation
	own     [][]begun // which central has not got
	counts  [][]int   // of own
}

func newStale(p Params) *stale {
	s := &stale{p: p, caps: make([]int, len(p.Cells)), central: make([]int, len(p.Cells)), known: make([][]int, p.Devices), own: make([][]begun, p.Devices), counts: make([][]int, p.Devices)}
	for c, cell := range p.Cells {
		s.caps[c] = cell.Cap + p.Tolerance
	}
	for d := range p.Devices {
		s.known[d], s.counts[d] = make([]int, len(p.Cells)), make([]int, len(p.Cells))
	}
	return s
}

func (s *stale) sync(device int, at float64) {
	ready, going := complete(s.own[device], at)
	s.own[device] = going
	for _, b := range ready {
		s.central[b.cell]++
		s.counts[device][b.cell]--
	}
	copy(s.known[device], s.central)
}

func (s *stale) open(device, cell int) bool {
	return s.known[device][cell]+s.counts[device][cell] < s.caps[cell]
}

func (s *stale) takes(device, cell int, at float64) bool {
	if !s.open(device, cell) {
		return false
	}
	s.counts[device][cell]++
	s.own[device] = append(s.own[device], begun{cell, at + s.p.Interview})
	return true
}
