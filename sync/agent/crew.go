package agent

import (
	"context"

	"parvis/sync/protocol"
)

// signedIn is a client with the token of the person or device that this agent's store knows.
func (a *Agent) signedIn(ctx context.Context, doing string) (*Client, error) {
	c, err := a.p.Store.Credentials(ctx)
	switch {
	case err != nil:
		return nil, stored(ctx, doing, err)
	case c.IsZero():
		return nil, failed(doing, NotEnrolled, nil)
	}
	return a.client(c.Central, c.Token)
}

// NewCodes makes enrolment codes for the person signed in, who supervises in each of the studies.
func (a *Agent) NewCodes(ctx context.Context, r protocol.CodesRequest) (protocol.CodesAnswer, error) {
	client, err := a.signedIn(ctx, "making a code")
	if err != nil {
		return protocol.CodesAnswer{}, err
	}
	return client.NewCodes(ctx, r)
}

// Codes says what became of the codes of all studies in which the person signed in supervises.
func (a *Agent) Codes(ctx context.Context) ([]protocol.CodeState, error) {
	client, err := a.signedIn(ctx, "asking what became of codes")
	if err != nil {
		return nil, err
	}
	list, err := client.Codes(ctx, "")
	return list.Codes, err
}

// DeviceEnding tells what ending a device's enrolment would touch.
func (a *Agent) DeviceEnding(ctx context.Context, device string) (protocol.DeviceEnding, error) {
	client, err := a.signedIn(ctx, "asking about the device")
	if err != nil {
		return protocol.DeviceEnding{}, err
	}
	return client.DeviceEnding(ctx, device)
}

// EndDevice revokes a device, or writes it off where it is lost, and has its new state fetched soon.
func (a *Agent) EndDevice(ctx context.Context, device string, lost bool, reason string) error {
	client, err := a.signedIn(ctx, "ending the device's enrolment")
	if err != nil {
		return err
	}
	end := client.RevokeDevice
	if lost {
		end = client.LoseDevice
	}
	if err := end(ctx, device, reason); err != nil {
		return err
	}
	a.Kick()
	return nil
}
