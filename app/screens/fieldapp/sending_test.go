package fieldapp

import (
	"testing"

	"parvis/sync/agent"
)

// TestAnErasedDeviceLeavesOnePage: the order may come with a synchronisation that a person waits for; how that came out is no news then.
func TestAnErasedDeviceLeavesOnePage(t *testing.T) {
	c := newCloset(t)
	c.Start()
	order := &agent.Error{Reason: agent.Erase}
	c.synchronised(agent.Report{}, order)
	c.sent(agent.Report{}, order)
	if c.title() != c.p.Words.T("sync.error.erase") || c.shell.Depth() != 1 {
		t.Errorf("what is left is %q, %d deep", c.title(), c.shell.Depth())
	}
	if b := c.shell.Banner(); b != nil {
		t.Errorf("over it stands %q", b.Text())
	}
}
