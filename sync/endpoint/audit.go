package endpoint

import (
	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// audit answers an administrator with a page of the audit log.
func (e *Endpoint) audit(c *call) error {
	before, _ := c.number("before") // left out for the newest page
	lines, err := e.p.Store.AuditLog(c.r.Context(), centralstore.AuditQuery{
		Who: c.who, Study: c.r.URL.Query().Get("study"), Before: before, Limit: protocol.AuditLines,
	})
	if err != nil {
		return err
	}
	page := protocol.AuditPage{Lines: make([]protocol.AuditLine, 0, len(lines))}
	for _, l := range lines {
		page.Lines = append(page.Lines, protocol.AuditLine{
			N: l.N, At: l.At, Actor: l.Actor, Action: l.Action, Study: l.Study, Subject: l.Subject, Details: l.Details, Hash: l.Hash,
		})
	}
	if len(lines) == protocol.AuditLines {
		page.Before = lines[len(lines)-1].N
	}
	return c.respond(page)
}
