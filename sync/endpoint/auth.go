package endpoint

import (
	"log/slog"
	"net/http"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

// mostSmall is the longest body of an exchange that carries no data.
const mostSmall = 16 << 10

func (e *Endpoint) enrol(c *call) error {
	var in protocol.EnrolRequest
	if err := c.decode(&in, mostSmall); err != nil {
		return err
	}
	given, err := e.p.Store.Enrol(c.r.Context(), centralstore.Enrolment{
		Code: in.Code, Platform: in.Platform, AppVersion: in.AppVersion, Previous: in.Previous,
	})
	if err != nil {
		return err
	}
	answer := protocol.EnrolAnswer{
		Device: given.Device, Epoch: given.Epoch, Token: given.Secret, Interviewer: given.Interviewer, Expires: given.Expires.UnixMilli(),
		Recovery: given.Recovery,
	}
	if e.p.HandIn != nil {
		answer.HandIn = e.p.HandIn.Recipient
	}
	return c.respond(answer)
}

func (e *Endpoint) signIn(c *call) error {
	var in protocol.SignInRequest
	if err := c.decode(&in, mostSmall); err != nil {
		return err
	}
	given, err := e.p.Store.SignIn(c.r.Context(), centralstore.SignIn{User: in.User, Password: in.Password, OneTime: in.OneTime})
	if err != nil {
		return err
	}
	return c.respond(protocol.SignInAnswer{User: given.User, Role: string(given.Role), Token: given.Secret, Expires: given.Expires.UnixMilli()})
}

// healthy says that the process answers.
func (e *Endpoint) healthy(c *call) error { return c.respond(map[string]string{"status": "ok"}) }

// ready says that central could take in a batch now, and means to go on.
func (e *Endpoint) ready(c *call) error {
	if e.draining.Load() {
		return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "Central is about to stop.")
	}
	if err := e.p.Store.Ready(c.r.Context()); err != nil {
		c.note(slog.String("cause", err.Error()))
		return problem(http.StatusServiceUnavailable, protocol.CodeUnavailable, "Central's store does not answer, or has no room.")
	}
	return c.respond(map[string]string{"status": "ok"})
}
