package agent

import (
	"context"
	"errors"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// The times and sizes of an exchange with a laptop, which is on the same network or not there.
const (
	relayPatience = 10 * time.Second
	// relayKnock is how long all of a laptop's addresses together are tried.
	relayKnock = 8 * time.Second
	// relayGlance is the same where central was reached and the laptop is only to hear what it need not keep.
	relayGlance = 3 * time.Second
	// carriedBytes is how many bytes of bodies go into one batch; sealed and packed they are fewer.
	carriedBytes = protocol.MaxBatchBytes / 2
	// mostSilence is how long a tablet that has nothing to give waits before it asks what is new.
	mostSilence = 15 * time.Minute
	// mostAddresses is how many addresses beside the first a laptop may name.
	mostAddresses = 7
	// mostCarried is how many batches are given in one synchronisation; the rest goes with the next.
	mostCarried = 50
)

// reclaim asks central about what a laptop carries, now that it can be asked: what came by the laptop needs not be sent again.
func (r *run) reclaim(ctx context.Context) error {
	const doing = "asking what the laptop brought"
	if r.a.p.Carrying == nil {
		return nil
	}
	all, err := r.a.p.Carrying.Carried(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	var ids []delivery.Identity
	for _, c := range all {
		if c.Unsent > 0 {
			ids = append(ids, c.Records...)
		}
	}
	for len(ids) > 0 {
		some := ids[:min(len(ids), protocol.MaxHave)]
		got, err := r.client.Have(ctx, some)
		if err != nil {
			return err
		}
		if err := r.settle(ctx, nil, got.Receipts); err != nil {
			return err
		}
		ids = ids[len(some):]
	}
	return nil
}

// byRelay goes to the laptop where central could not be reached, or where the laptop has yet to hear what it need not keep. It never
// changes how the synchronisation with central came out.
func (r *run) byRelay(ctx context.Context, direct error) {
	reason := ReasonOf(direct)
	if r.a.p.Carrying == nil || !r.c.IsDevice() || (direct != nil && reason != Offline && reason != NotCentral) {
		return
	}
	relay, err := r.a.p.Carrying.Relay(ctx)
	if err != nil || relay.IsZero() {
		return
	}
	v := &visit{run: r, relay: relay}
	if err = v.make(ctx, direct != nil); err != nil {
		r.report.RelayError = Explain(err).Key
		r.a.p.Logger.Info("the laptop was not reached", "reason", string(ReasonOf(err)))
	}
}

// visit is one exchange with a laptop.
type visit struct {
	*run
	relay  delivery.Relay
	laptop *Client
	// again tells that central should hear of rights that were given back.
	again bool
}

// make hears what became of what was given, and gives more where central is out of reach.
func (v *visit) make(ctx context.Context, give bool) error {
	all, err := v.a.p.Carrying.Carried(ctx)
	if err != nil {
		return stored(ctx, "reading what was given", err)
	}
	mine, done, elsewhere := v.sort(all, give)
	if err := v.a.p.Carrying.DropCarried(ctx, elsewhere); err != nil {
		return stored(ctx, "forgetting what is settled", err)
	}
	if !give && len(done) == 0 {
		return nil
	}
	if err := v.reach(ctx, give); err != nil {
		return err
	}
	defer v.laptop.http.GetClient().CloseIdleConnections()
	if len(mine) > 0 || len(done) > 0 {
		if err := v.hear(ctx, mine, done); err != nil {
			return err
		}
	}
	if !give {
		return nil
	}
	v.report.Relayed = true
	if err := v.borrow(ctx); err != nil {
		return err
	}
	if err := v.give(ctx); err != nil {
		return err
	}
	return v.fetchFromLaptop(ctx)
}

// sort tells the batches of this laptop that are still open from those the device needs no more, and from those of another laptop that
// it needs no more: that one brings them to central by itself. A question is open as long as central was not reached some other way.
func (v *visit) sort(all []delivery.Carried, give bool) (open []delivery.Carried, done, elsewhere []string) {
	for _, c := range all {
		mine, settled := c.Relay == v.relay.Fingerprint, c.Unsent == 0 && c.UnsentFiles == 0 && !((c.Pull || len(c.Told) > 0) && give)
		switch {
		case mine && settled:
			done = append(done, c.SHA256)
		case mine:
			open = append(open, c)
		case settled:
			elsewhere = append(elsewhere, c.SHA256)
		}
	}
	return open, done, elsewhere
}

// reach tries the laptop's addresses, the last good one first, with the cheapest question there is.
func (v *visit) reach(ctx context.Context, give bool) error {
	whole := relayGlance
	if give {
		whole = relayKnock
	}
	ctx, cancel := context.WithTimeout(ctx, whole)
	defer cancel()
	var last error = failed("reaching the laptop", Offline, nil)
	for i, address := range v.relay.Addresses {
		client, err := v.a.relayClient(address, v.relay.Token, func(fingerprint string) bool { return fingerprint == v.relay.Fingerprint })
		if err != nil {
			last = err
			continue
		}
		knock, done := context.WithTimeout(ctx, whole/time.Duration(len(v.relay.Addresses)))
		_, err = client.RelayStates(knock, protocol.RelayStatesRequest{})
		done()
		if err != nil {
			client.http.GetClient().CloseIdleConnections()
			last = err
			continue
		}
		client.traffic = v.client.traffic
		v.laptop = client
		v.relay.Addresses = unique(append([]string{address}, append(v.relay.Addresses[:i:i], v.relay.Addresses[i+1:]...)...))
		v.relay.LastSeen = v.a.p.Now().UnixMilli()
		return stored(ctx, "keeping where the laptop is", v.a.p.Carrying.SaveRelay(ctx, v.relay))
	}
	return last
}

// give seals what no laptop carries yet, batch by batch, and hands it over.
func (v *visit) give(ctx context.Context) error {
	const doing = "giving to the laptop"
	if err := v.run.visit(ctx); err != nil {
		return err
	}
	waiting, err := v.a.p.Outbox.Waiting(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	for n := range mostCarried {
		v.a.p.Progress(Progress{Stage: StageDeliver, Done: int64(v.report.Carried), Total: int64(max(waiting.Records, v.report.Carried))})
		records, err := v.a.p.Carrying.Uncarried(ctx, v.relay.Fingerprint, protocol.MaxBatchRecords, carriedBytes)
		if err != nil {
			return stored(ctx, doing, err)
		}
		records, _ = split(records)
		gaveBack := n == 0 && v.again
		pull := n == 0 && v.pulls(ctx, len(records) > 0 || gaveBack)
		if len(records) == 0 && !pull && !gaveBack {
			break
		}
		if err := v.parcel(ctx, content{records: records, pull: pull, states: n == 0}); err != nil {
			return err
		}
		if len(records) == 0 {
			break
		}
	}
	pictures, err := v.a.p.Carrying.UncarriedAttachments(ctx, v.relay.Fingerprint)
	if err != nil {
		return stored(ctx, doing, err)
	}
	for _, p := range pictures[:min(len(pictures), mostCarried)] {
		if err := v.parcel(ctx, content{pictures: []delivery.Attachment{p}}); err != nil && !errors.Is(err, errUnreadable) {
			return err
		}
	}
	return nil
}

// pulls tells whether to ask central for what is new: along with records, or now and then; and one question at a time is on its way.
func (v *visit) pulls(ctx context.Context, along bool) bool {
	if !along && v.a.p.Now().UnixMilli()-v.relay.Asked < mostSilence.Milliseconds() {
		return false
	}
	all, err := v.a.p.Carrying.Carried(ctx)
	if err != nil {
		return false
	}
	for _, c := range all {
		if c.Pull && c.Relay == v.relay.Fingerprint {
			return false
		}
	}
	return true
}

// content is what goes into one batch.
type content struct {
	records  []delivery.Record
	pictures []delivery.Attachment
	pull     bool
	states   bool // the device's rights, as they are now
}

// rights is what is said of the device's rights.
func (v *visit) rights(ctx context.Context) ([]delivery.LeaseStatement, error) {
	list, err := v.a.p.Outbox.Statements(ctx)
	if err != nil {
		return nil, stored(ctx, "settling quotas", err)
	}
	v.again = false
	return list[:min(len(list), protocol.MaxLeaseStatements)], nil
}

// parcel seals one batch for central, remembers it, and gives it to the laptop.
func (v *visit) parcel(ctx context.Context, in content) error {
	const doing = "giving to the laptop"
	records, pictures, pull := in.records, in.pictures, in.pull
	files, err := v.a.read(ctx, pictures)
	if err != nil {
		return stored(ctx, doing, err)
	}
	if len(files) < len(pictures) {
		return errUnreadable
	}
	c := delivery.Carried{Relay: v.relay.Fingerprint, Key: seal.NewReplyKey(), Pull: pull, Made: v.a.p.Now().UnixMilli(), Told: v.client.epochs, Records: identities(records), Files: pictures}
	h := protocol.HandIn{Made: c.Made, Token: v.c.Token, Epoch: v.c.Epoch, Epochs: protocol.WriteEpochs(c.Told), ReplyKey: c.Key, Pull: pull}
	if in.states {
		if h.Leases, err = v.rights(ctx); err != nil {
			return err
		}
	}
	if pull {
		if c.Cursor, err = v.a.p.Store.Cursor(ctx); err != nil {
			return stored(ctx, doing, err)
		}
	}
	h.Cursor = c.Cursor
	if h.HighSeq, err = v.a.p.Outbox.HighSeq(ctx, v.c.Epoch); err != nil {
		return stored(ctx, doing, err)
	}
	content, err := protocol.WriteHandIn(h, records, files)
	if err != nil {
		return failed(doing, Storage, err)
	}
	file, err := seal.File([]string{v.c.HandIn}, content)
	if err != nil {
		return failed(doing, Storage, err)
	}
	c.SHA256 = delivery.Sum(file)
	if err := v.a.p.Carrying.Carry(ctx, c); err != nil {
		return stored(ctx, doing, err)
	}
	if pull {
		v.relay.Asked = c.Made
		if err := v.a.p.Carrying.SaveRelay(ctx, v.relay); err != nil {
			return stored(ctx, doing, err)
		}
	}
	state, err := v.laptop.GiveRelay(ctx, c.SHA256, file)
	if err != nil {
		return err // whether it arrived is asked the next time
	}
	if !state.Held || state.SHA256 != c.SHA256 {
		return failed(doing, BadAnswer, errors.New("the laptop did not say that it has the batch"))
	}
	v.report.Carried += len(records)
	kept := context.WithoutCancel(ctx)
	return stored(kept, doing, v.a.p.Carrying.MarkCarried(kept, c.SHA256, v.a.p.Now().UnixMilli()))
}
