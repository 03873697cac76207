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
func (s *split) takes(device, cell int) bool {
	if !s.open(device, cell) {
		return false
	}
	s.left[device][cell]--
	return true
}

// stale lets each device go on until the count it knows is full: central's at its last synchronisation, and its own since.
type stale struct {
	caps    []int
	central []int
	known   [][]int // at the last synchronisation
	own     [][]int // since, which central has not got
}

func newStale(p Params) *stale {
	s := &stale{caps: make([]int, len(p.Cells)), central: make([]int, len(p.Cells)), known: make([][]int, p.Devices), own: make([][]int, p.Devices)}
	for c, cell := range p.Cells {
		s.caps[c] = cell.Cap + p.Tolerance
	}
	for d := range p.Devices {
		s.known[d], s.own[d] = make([]int, len(p.Cells)), make([]int, len(p.Cells))
	}
	return s
}

func (s *stale) sync(device int, _ float64) {
	for c, n := range s.own[device] {
		s.central[c] += n
		s.own[device][c] = 0
	}
	copy(s.known[device], s.central)
}

func (s *stale) open(device, cell int) bool {
	return s.known[device][cell]+s.own[device][cell] < s.caps[cell]
}

func (s *stale) takes(device, cell int) bool {
	if !s.open(device, cell) {
		return false
	}
	s.own[device][cell]++
	return true
}
