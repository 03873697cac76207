package robot

// Thread runs what touches widgets one at a time where the toolkit's own loop does not run, as in tests.
type Thread chan struct{}

// NewThread makes one.
func NewThread() Thread { return make(Thread, 1) }

// Do runs f when nothing else of the thread runs, and waits for it. It must not be called from within itself.
func (t Thread) Do(f func()) {
	t <- struct{}{}
	defer func() { <-t }()
	f()
}

// Soon runs f in its turn without waiting, as fyne.Do does.
func (t Thread) Soon(f func()) { go t.Do(f) }
