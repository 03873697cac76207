package endpoint

import (
	"net/http"
	"strconv"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// newCodes makes enrolment codes for a supervisor.
func (e *Endpoint) newCodes(c *call) error {
	var in protocol.CodesRequest
	if err := c.decode(&in, mostSmall); err != nil {
		return err
	}
	if in.Count == 0 {
		in.Count = 1
	}
	if in.Minutes == 0 {
		in.Minutes = 24 * 60
	}
	if in.Count < 0 || in.Count > protocol.MaxCodes || in.Minutes < 0 || in.Minutes > 60*24*365 {
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "Central makes 1 to "+strconv.Itoa(protocol.MaxCodes)+" codes at once, for at most 30 days.")
	}
	answer := protocol.CodesAnswer{Codes: make([]string, 0, in.Count), IDs: make([]string, 0, in.Count)}
	for range in.Count {
		code, err := e.p.Store.NewCode(c.r.Context(), centralstore.CodeOrder{
			Studies: in.Studies, Interviewer: in.Interviewer, Valid: time.Duration(in.Minutes) * time.Minute, Who: c.who,
		})
		if err != nil {
			return err
		}
		answer.Codes, answer.IDs, answer.Expires = append(answer.Codes, code.Text), append(answer.IDs, code.ID), code.Expires.UnixMilli()
	}
	return c.respond(answer)
}

// listCodes says what became of the codes of one study, or of all in which the person supervises.
func (e *Endpoint) listCodes(c *call) error {
	list, err := e.p.Store.CodesOf(c.r.Context(), c.who, c.r.URL.Query().Get("study"))
	if err != nil {
		return err
	}
	if list == nil {
		list = []delivery.CodeState{}
	}
	return c.respond(protocol.CodeList{Codes: list})
}
