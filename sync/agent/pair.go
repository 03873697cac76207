package agent

import (
	"context"
	"errors"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Pair pairs this device with a laptop, by what the laptop shows. It takes the place of the one before. It fails with BadCode where the
// secret was used or has expired, and with WrongRelay where another machine answers.
func (a *Agent) Pair(ctx context.Context, p protocol.Pairing) (delivery.Relay, error) {
	const doing = "pairing"
	var relay delivery.Relay
	if a.p.Carrying == nil {
		return relay, failed(doing, NotEnrolled, nil)
	}
	c, err := a.p.Store.Credentials(ctx)
	switch {
	case err != nil:
		return relay, stored(ctx, doing, err)
	case !c.IsDevice():
		return relay, failed(doing, NotEnrolled, nil)
	case c.HandIn == "":
		return relay, failed(doing, CentralTooOld, errors.New("central named no key to seal for"))
	}
	if err := a.begin(ctx, doing); err != nil { // a visit that goes on would keep the laptop it knows
		return relay, err
	}
	defer a.end()
	before, err := a.p.Carrying.Relay(ctx)
	if err != nil {
		return relay, stored(ctx, doing, err)
	}
	request := protocol.RelayPairRequest{Secret: p.Secret, Name: c.Interviewer}
	if protocol.PinOf(before.Fingerprint) == p.Pin { // the same laptop, and it proves so before it hears this
		request.Previous = before.Token
	}
	seen := ""
	client, err := a.relayClient(p.Address, "", func(fingerprint string) bool {
		seen = fingerprint
		return protocol.PinOf(fingerprint) == p.Pin
	})
	if err != nil {
		return relay, err
	}
	defer client.http.GetClient().CloseIdleConnections()
	given, err := client.PairRelay(ctx, request)
	if err != nil {
		return relay, err
	}
	relay = delivery.Relay{
		Name: given.Name, Addresses: unique(append([]string{p.Address}, given.Addresses[:min(len(given.Addresses), mostAddresses)]...)), Fingerprint: seen, Token: given.Token,
		Paired: a.p.Now().UnixMilli(), LastSeen: a.p.Now().UnixMilli(),
	}
	kept := context.WithoutCancel(ctx) // the laptop has used up the secret
	if err := a.p.Carrying.SaveRelay(kept, relay); err != nil {
		return relay, stored(kept, doing, err)
	}
	a.Kick()
	return relay, nil
}

// UseRelay takes a laptop that this device was paired with before, or none for the zero Relay. What another one carries it brings to central
// all the same; whether it did is asked of central.
func (a *Agent) UseRelay(ctx context.Context, r delivery.Relay) error {
	const doing = "changing the laptop"
	if err := a.begin(ctx, doing); err != nil {
		return err
	}
	defer a.end()
	return stored(ctx, doing, a.p.Carrying.SaveRelay(ctx, r))
}

func unique(all []string) (once []string) {
	seen := map[string]bool{}
	for _, one := range all {
		if one != "" && !seen[one] {
			seen[one] = true
			once = append(once, one)
		}
	}
	return once
}
