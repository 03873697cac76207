package agent

import (
	"context"

	"parvis/sync/protocol"
)

// SendMessage hands central a message of the person signed in, and has it fetched back soon.
func (a *Agent) SendMessage(ctx context.Context, r protocol.MessageRequest) error {
	client, err := a.signedIn(ctx, "sending the message")
	if err != nil {
		return err
	}
	if _, err := client.SendMessage(ctx, r); err != nil {
		return err
	}
	a.Kick()
	return nil
}
