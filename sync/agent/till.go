package agent

import (
	"context"
	"log/slog"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Till is what a supervisor's laptop has of rights to pass on to tablets. Each call commits before it returns.
type Till interface {
	// TillSaid is what is to be said to central; ok is false where there is nothing.
	TillSaid(ctx context.Context) (said delivery.TillSaid, ok bool, err error)
	// TillLeft is what is to be said before the person signs out; ok is false where there is nothing.
	TillLeft(ctx context.Context) (said delivery.TillSaid, ok bool, err error)
	// TillRefused keeps that central refused to hear it of this person.
	TillRefused(ctx context.Context, said delivery.TillSaid) error
	// TillHeard keeps what central answered; again tells that it should be told anew now.
	TillHeard(ctx context.Context, said delivery.TillSaid, heard delivery.TillHeard) (again bool, err error)
}

// mostTillRounds is enough to give back, to hear that an epoch has ended, and to begin another.
const mostTillRounds = 5

// Till says what a laptop has to pass on, and asks what it should have.
func (c *Client) Till(ctx context.Context, said delivery.TillSaid, r protocol.TillRequest) (a protocol.TillAnswer, err error) {
	return a, c.postWith(ctx, "settling the rights to pass on", protocol.PathTill, telling(said.Epochs), r, &a)
}

// lendable settles the rights that this laptop passes on. It comes after what tablets gave was forwarded, in which some of them were used. An
// older central knows nothing of it; one that refuses it has ended it for this person.
func (r *run) lendable(ctx context.Context) error {
	const doing = "settling the rights to pass on"
	if r.a.p.Till == nil || r.c.IsDevice() {
		return nil
	}
	for again, rounds := true, 0; again && rounds < mostTillRounds; rounds++ {
		said, ok, err := r.a.p.Till.TillSaid(ctx)
		if err != nil || !ok {
			return stored(ctx, doing, err)
		}
		heard, err := r.tellTill(ctx, said)
		kept := context.WithoutCancel(ctx) // an answer that came is kept even when whoever asked has gone
		switch {
		case codeOf(err) == string(protocol.CodeForbidden): // the person supervises nothing, or nothing any more
			return stored(kept, doing, r.a.p.Till.TillRefused(kept, said))
		case err != nil:
			return withoutLeases(err)
		}
		if again, err = r.a.p.Till.TillHeard(kept, said, delivery.TillHeard(heard)); err != nil {
			return stored(kept, doing, err)
		}
	}
	return nil
}

// tellTill says to central what is to be said.
func (r *run) tellTill(ctx context.Context, said delivery.TillSaid) (protocol.TillAnswer, error) {
	return r.client.Till(ctx, said, protocol.TillRequest{
		Laptop: said.Laptop, Platform: r.a.p.Platform, AppVersion: r.a.p.AppVersion, Statements: said.Statements[:min(len(said.Statements), protocol.MaxLeaseStatements)],
	})
}

// SignOut forgets who is signed in. Where central can be reached within the context, what this laptop has to pass on goes back before: the
// person may come back late, or to another laptop. Where it cannot be, the rights stay as they are until the person is back.
func (a *Agent) SignOut(ctx context.Context) error {
	const doing = "signing out"
	if a.begin(ctx, doing) == nil { // else a synchronisation takes longer than the person waits
		defer a.end()
		a.leave(ctx)
	}
	kept := context.WithoutCancel(ctx)
	return stored(kept, doing, a.p.Store.SaveCredentials(kept, delivery.Credentials{}))
}

// leave gives back what whoever is signed in has to pass on, as far as central listens.
func (a *Agent) leave(ctx context.Context) {
	r := &run{a: a}
	if err := r.leave(ctx); err != nil {
		a.p.Logger.Info("the rights to pass on were not given back", slog.String("reason", string(ReasonOf(err))))
	}
}

// leave does so after central has shown that it listens.
func (r *run) leave(ctx context.Context) error {
	const doing = "giving the rights to pass on back"
	if r.a.p.Till == nil {
		return nil
	}
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.lendable(ctx); err != nil {
		return err
	}
	said, ok, err := r.a.p.Till.TillLeft(ctx)
	if err != nil || !ok {
		return stored(ctx, doing, err)
	}
	heard, err := r.tellTill(ctx, said)
	if err != nil {
		return err
	}
	kept := context.WithoutCancel(ctx)
	_, err = r.a.p.Till.TillHeard(kept, said, delivery.TillHeard(heard))
	return stored(kept, doing, err)
}

// borrow asks the laptop for rights where they are short. What it passed on central hears of with the next statement, and with each interview
// made with it. It is no reason to keep back what is to be given: an older laptop passes nothing on.
func (v *visit) borrow(ctx context.Context) error {
	const doing = "asking the laptop for rights"
	asked, err := v.a.p.Carrying.RightsWanted(ctx, v.relay.Fingerprint)
	if err != nil || len(asked) == 0 {
		return stored(ctx, doing, err)
	}
	got, err := v.laptop.RelayRights(ctx, protocol.RelayRightsRequest{Studies: asked})
	if err != nil {
		v.a.p.Logger.Info("the laptop passed no rights on", slog.String("reason", string(ReasonOf(err))))
		return nil
	}
	kept := context.WithoutCancel(ctx)
	return stored(kept, doing, v.a.p.Carrying.RightsLent(kept, v.relay.Fingerprint, asked, got.Studies))
}
