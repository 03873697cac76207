package agent

import (
	"context"

	"parvis/sync/protocol"
)

// SendMessage hands central a message of the person signed in, and has it fetched back soon.
func (a *Agent) SendMessage(ctx context.Context, r protocol.MessageRequest) error {
	const doing = "sending the message"
	c, err := a.p.Store.Credentials(ctx)
	switch {
	case err != nil:
		return stored(ctx, doing, err)
	case c.IsZero():
		return failed(doing, NotEnrolled, nil)
	}
	client, err := a.client(c.Central, c.Token)
	if err != nil {
		return err
	}
	if _, err := client.SendMessage(ctx, r); err != nil {
		return err
	}
	a.Kick()
	return nil
}
