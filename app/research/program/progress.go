package program

import (
	"fmt"

	"github.com/schollz/progressbar/v3"
)

// counter shows work to a person at a terminal and keeps quiet where nobody watches.
type counter struct{ bar *progressbar.ProgressBar }

// counter counts things of which nobody knows how many there will be.
func (m *Main) counter(doing, things string) *counter { return m.bar(-1, doing, things) }

func (m *Main) bar(total int64, doing, things string) *counter {
	if !onTerminal(m.p.Stderr) {
		return &counter{}
	}
	return &counter{progressbar.NewOptions64(total,
		progressbar.OptionSetWriter(m.p.Stderr),
		progressbar.OptionSetDescription(doing),
		progressbar.OptionSetItsString(things),
		progressbar.OptionShowCount(),
		progressbar.OptionShowIts(),
		progressbar.OptionFullWidth(),
		progressbar.OptionSetPredictTime(total > 0),
		progressbar.OptionThrottle(100_000_000), // ten times a second
		progressbar.OptionOnCompletion(func() { fmt.Fprintln(m.p.Stderr) }),
	)}
}

func (c *counter) add(n int) {
	if c.bar != nil && n > 0 {
		_ = c.bar.Add(n) // a bar that cannot be drawn hinders nothing
	}
}

func (c *counter) end() {
	if c.bar != nil {
		_ = c.bar.Finish()
	}
}
