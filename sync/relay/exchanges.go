package relay

import (
	"bytes"
	"context"
	"encoding/hex"
	"net/http"
	"strings"
	"time"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// pair turns the secret on the laptop's screen into a token. Wrong ones are counted over all addresses: nobody guesses 60 bits at that
// rate within ten minutes.
func (s *server) pair(c *call) error {
	var in protocol.RelayPairRequest
	if err := c.decode(&in); err != nil {
		return err
	}
	attempt, wait := guard.Reserve(s.wrong, time.Now())
	if wait > 0 {
		return c.wait(wait)
	}
	if !s.r.use(in.Secret) {
		return problem(http.StatusForbidden, protocol.CodeBadCode, "This code was used already or is too old. Show a new one on the laptop.")
	}
	attempt.Cancel()
	token := newToken()
	t := delivery.Tablet{ID: s.r.p.NewID(), Name: clip(in.Name), Paired: s.r.p.Now().UnixMilli()}
	before := ""
	if in.Previous != "" {
		before = delivery.Sum([]byte(in.Previous))
	}
	if err := s.r.p.Store.AddTablet(c.r.Context(), t, delivery.Sum([]byte(token)), before); err != nil {
		return err
	}
	s.r.p.Paired()
	return c.respond(http.StatusOK, protocol.ContentJSON, protocol.RelayPairAnswer{Name: s.r.p.Name, Token: token, Addresses: s.r.p.Addresses()})
}

// clip shortens a name that a tablet says it has.
func clip(name string) string {
	const most = 40
	runes := []rune(strings.ToValidUTF8(name, ""))
	return string(runes[:min(len(runes), most)])
}

// sealedAs is how an age file begins.
var sealedAs = []byte("age-encryption.org/v1\n")

// take keeps a sealed batch. It says "held" when the batch is on the disk.
func (s *server) take(c *call) error {
	sum := c.r.PathValue("sha256")
	if encoding := c.r.Header.Get("Content-Encoding"); encoding != "" && encoding != "identity" {
		return problem(http.StatusUnsupportedMediaType, protocol.CodeBadRequest, "A batch is sent as it is, not compressed again.")
	}
	body, leave, err := c.read(protocol.MaxCarriedBytes)
	defer leave()
	if err != nil {
		return err
	}
	switch {
	case delivery.Sum(body) != sum:
		p := problem(http.StatusUnprocessableEntity, protocol.CodeBadSum, "The batch arrived damaged.")
		p.Retryable = true
		return p
	case !bytes.HasPrefix(body, sealedAs):
		return problem(http.StatusUnprocessableEntity, protocol.CodeBadRequest, "This is not a sealed batch.")
	}
	full, err := s.r.p.Store.KeepParcel(c.r.Context(), c.tablet, sum, body, s.r.p.Now().UnixMilli())
	if err != nil {
		return err
	}
	if full {
		return problem(http.StatusInsufficientStorage, protocol.CodeUnavailable, "The laptop carries as much as it takes. It must go online first.")
	}
	s.r.p.Took()
	return c.respond(http.StatusOK, protocol.ContentJSON, delivery.ParcelState{SHA256: sum, Held: true})
}

// states tells a tablet what became of its batches, and lets go of those it needs no more.
func (s *server) states(c *call) error {
	var in protocol.RelayStatesRequest
	if err := c.decode(&in); err != nil {
		return err
	}
	if len(in.Batches) > protocol.MaxRelayStates || len(in.Settled) > protocol.MaxRelayStates {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "These are more batches than are asked about at once.")
	}
	if err := s.r.p.Store.SettleParcels(c.r.Context(), c.tablet, in.Settled); err != nil {
		return err
	}
	states, err := s.r.p.Store.ParcelStates(c.r.Context(), c.tablet, in.Batches, protocol.MaxRelayReplies)
	if err != nil {
		return err
	}
	return c.respond(http.StatusOK, protocol.ContentJSON, protocol.RelayStatesAnswer{States: states, Online: s.r.p.Online()})
}

// rights passes rights to fill quotas on to a tablet.
func (s *server) rights(c *call) error {
	var in protocol.RelayRightsRequest
	if err := c.decode(&in); err != nil {
		return err
	}
	wanted := 0
	for _, a := range in.Studies {
		wanted += len(a.Want)
	}
	if len(in.Studies) > protocol.MaxRelayRights || wanted > protocol.MaxRelayRights {
		return problem(http.StatusRequestEntityTooLarge, protocol.CodeTooLarge, "These are more constraints than are asked about at once.")
	}
	lent, err := s.r.p.Store.LendRights(c.r.Context(), in.Studies, s.r.p.Now().UnixMilli())
	if err != nil {
		return err
	}
	return c.respond(http.StatusOK, protocol.ContentJSON, protocol.RelayRightsAnswer{Studies: lent})
}

// blob gives a questionnaire or a showcard. Whoever knows its sum had it from central, in a study assigned to it.
func (s *server) blob(c *call) error {
	sum := c.r.PathValue("sha256")
	raw, err := hex.DecodeString(sum)
	if err != nil || len(raw) != 32 {
		return problem(http.StatusNotFound, protocol.CodeNotFound, "There is no such file here.")
	}
	body, err := s.file(c.r.Context(), sum)
	if err != nil {
		return problem(http.StatusNotFound, protocol.CodeNotFound, "There is no such file here.")
	}
	guard.AnswerIn(c.w, int64(len(body)), s.r.p.Limits.Patience)
	h := c.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("ETag", `"`+sum+`"`)
	c.done = true
	http.ServeContent(c.w, c.r, "", time.Time{}, bytes.NewReader(body))
	return nil
}

// file reads a file and keeps the one that was asked for last: tablets take it in many pieces, and often several of them the same one.
func (s *server) file(ctx context.Context, sum string) ([]byte, error) {
	s.filing.Lock()
	defer s.filing.Unlock()
	if s.fileSum == sum {
		return s.fileBody, nil
	}
	body, err := s.r.p.Store.Blob(ctx, sum)
	if err == nil {
		s.fileSum, s.fileBody = sum, body
	}
	return body, err
}
