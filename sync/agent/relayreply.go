package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// hear asks the laptop about open batches, tells it which it need not keep, and takes central's replies.
func (v *visit) hear(ctx context.Context, open []delivery.Carried, done []string) error {
	for len(open) > 0 || len(done) > 0 {
		ask := protocol.RelayStatesRequest{Settled: done[:min(len(done), protocol.MaxRelayStates)]}
		for _, c := range open[:min(len(open), protocol.MaxRelayStates)] {
			ask.Batches = append(ask.Batches, c.SHA256)
		}
		got, err := v.laptop.RelayStates(ctx, ask)
		if err != nil {
			return err
		}
		if err := v.a.p.Carrying.DropCarried(ctx, ask.Settled); err != nil {
			return stored(ctx, "forgetting what is settled", err)
		}
		done = done[len(ask.Settled):]
		if len(ask.Batches) > 0 && len(got.States) == 0 || len(got.States) > len(ask.Batches) {
			return failed("asking the laptop what arrived", BadAnswer, errors.New("the laptop does not tell of what it was asked about"))
		}
		for i, state := range got.States {
			if state.SHA256 != open[i].SHA256 {
				return failed("asking the laptop what arrived", BadAnswer, errors.New("the laptop tells of another batch"))
			}
			finished, err := v.state(ctx, open[i], state)
			if err != nil {
				return err
			}
			if finished {
				done = append(done, state.SHA256)
			}
		}
		open = open[len(got.States):]
	}
	return nil
}

// state takes what the laptop says of one batch; finished tells that the device needs no more of it.
func (v *visit) state(ctx context.Context, c delivery.Carried, s delivery.ParcelState) (finished bool, err error) {
	carrying := v.a.p.Carrying
	switch {
	case !s.Held:
		// It never arrived, or the laptop is not the one it was: what is unsent of it waits again.
		return false, stored(ctx, "taking back a batch", carrying.DropCarried(ctx, []string{c.SHA256}))
	case c.Accepted == 0:
		if err := carrying.MarkCarried(ctx, c.SHA256, v.a.p.Now().UnixMilli()); err != nil {
			return false, stored(ctx, "keeping that the laptop has a batch", err)
		}
		v.report.Carried += c.Unsent
	}
	if !s.Forwarded || len(s.Reply) == 0 {
		return false, nil
	}
	reply, err := openReply(c, s.Reply)
	if err != nil {
		// A laptop cannot make central's words. What it carries stays unsent.
		v.a.p.Logger.Warn("a laptop gave a reply that is not central's")
		v.report.Forged++
		return false, nil
	}
	return v.reply(ctx, c, reply)
}

func openReply(c delivery.Carried, closed []byte) (reply protocol.HandInReply, err error) {
	plain, err := seal.OpenReply(c.Key, protocol.ReplyAbout(c.SHA256), closed)
	if err != nil {
		return reply, err
	}
	return protocol.ReadReply(plain)
}

// reply is central speaking.
func (v *visit) reply(ctx context.Context, c delivery.Carried, said protocol.HandInReply) (finished bool, err error) {
	asked := slices.DeleteFunc(said.Receipts, func(r delivery.Receipt) bool { return !slices.Contains(c.Records, r.Identity()) })
	if err := v.settle(ctx, nil, asked); err != nil {
		return false, err
	}
	for _, f := range c.Files {
		if slices.Contains(said.Files, f.SHA256) {
			if err := v.a.p.Outbox.MarkAttachmentSent(ctx, f); err != nil {
				return false, stored(ctx, "keeping that a picture arrived", err)
			}
			v.report.Attachments++
		}
	}
	if err := v.heard(ctx, c, said); err != nil {
		return false, err
	}
	if c.Pull && len(said.Pull) > 0 {
		if err := v.pulled(ctx, c, said.Pull); err != nil {
			return false, err
		}
	}
	return true, nil
}

// heard keeps what central answered to the visit and to the statement of rights that the batch had with it; an older central heard neither.
// A device that learns so that it was set back, or copied, begins a new epoch, and what it still gives the laptop tells of that one.
func (v *visit) heard(ctx context.Context, c delivery.Carried, said protocol.HandInReply) error {
	if len(c.Told) == 0 {
		return nil
	}
	kept := context.WithoutCancel(ctx) // an answer that came is kept even when whoever asked has gone
	if len(said.Epochs) > 0 {
		restored, err := v.a.p.Outbox.Visited(kept, c.Told, said.Epochs)
		if err != nil {
			return stored(kept, "keeping the visit", err)
		}
		v.again = v.again || restored
	}
	again, err := v.a.p.Outbox.Leased(kept, said.Leases)
	v.again = v.again || again
	return stored(kept, "settling quotas", err)
}

// pulled keeps a page that central sent along, unless another way was quicker since.
func (v *visit) pulled(ctx context.Context, c delivery.Carried, body json.RawMessage) error {
	const doing = "pulling"
	var page protocol.PullAnswer
	if err := json.Unmarshal(body, &page); err != nil {
		return failed(doing, BadAnswer, err)
	}
	now, err := v.a.p.Store.Cursor(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	if now != c.Cursor {
		return nil
	}
	if err := v.checkItems(page.Items); err != nil {
		return err
	}
	if err := v.a.p.Store.ApplyPull(ctx, page.Items, page.Cursor); err != nil {
		return stored(ctx, doing, err)
	}
	v.report.Pulled += len(page.Items)
	return nil
}

// fetchFromLaptop completes files that the laptop has too. They are known by their sums, which central named, so it does not matter who
// gives them.
func (v *visit) fetchFromLaptop(ctx context.Context) error {
	const doing = "fetching files from the laptop"
	store := v.a.p.Store
	wanted, err := store.WantedBlobs(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	for _, blob := range wanted {
		part, err := store.BlobPart(ctx, blob.SHA256)
		if err != nil {
			return stored(ctx, doing, err)
		}
		at, sum := int64(len(part)), sha256.New()
		sum.Write(part)
		for at < blob.Size {
			chunk, size, err := v.laptop.RelayChunk(ctx, blob.SHA256, at, min(protocol.BlobChunk, blob.Size-at))
			if ReasonOf(err) == Refused {
				break // it does not have this one
			}
			if err != nil {
				return err
			}
			if size != blob.Size {
				break
			}
			if err := store.AppendBlob(ctx, blob.SHA256, at, chunk); err != nil {
				return stored(ctx, doing, err)
			}
			sum.Write(chunk)
			at += int64(len(chunk))
		}
		if at < blob.Size {
			continue
		}
		if err := v.finish(ctx, blob, sum.Sum(nil)); err != nil {
			return err
		}
	}
	return nil
}

// finish verifies a file and marks it complete.
func (v *visit) finish(ctx context.Context, blob delivery.Blob, sum []byte) error {
	const doing = "fetching files from the laptop"
	if hex.EncodeToString(sum) != blob.SHA256 {
		return stored(ctx, doing, v.a.p.Store.DropBlob(ctx, blob.SHA256))
	}
	v.report.Blobs++
	return stored(ctx, doing, v.a.p.Store.FinishBlob(ctx, blob.SHA256))
}
