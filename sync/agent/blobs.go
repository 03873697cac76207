package agent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// fetch completes the files the pulled studies speak of. One that cannot be had does not keep the others waiting.
func (r *run) fetch(ctx context.Context) error {
	const doing = "fetching files"
	wanted, err := r.a.p.Store.WantedBlobs(ctx)
	if err != nil {
		return stored(ctx, doing, err)
	}
	files := &files{run: r}
	for _, blob := range wanted {
		files.total += blob.Size
	}
	var first error
	for _, blob := range wanted {
		if blob.Media && r.a.p.HoldMedia(ctx) {
			r.report.Held++
			continue
		}
		err := files.complete(ctx, blob)
		if err == nil {
			r.report.Blobs++
			continue
		}
		if first == nil {
			first = err
		}
		if ReasonOf(err).stops() {
			break
		}
	}
	return first
}

// files counts bytes over all wanted files.
type files struct {
	*run
	done, total int64
}

// complete goes on where the last attempt ended and verifies the whole.
func (f *files) complete(ctx context.Context, blob delivery.Blob) error {
	const doing = "fetching a file"
	store := f.a.p.Store
	part, err := store.BlobPart(ctx, blob.SHA256)
	if err != nil {
		return stored(ctx, doing, err)
	}
	sum := sha256.New()
	sum.Write(part)
	at := int64(len(part))
	f.done += at
	if at < blob.Size || blob.Size == 0 {
		if at, err = f.rest(ctx, blob, at, sum); err != nil {
			return err
		}
	}
	if at != blob.Size || hex.EncodeToString(sum.Sum(nil)) != blob.SHA256 {
		if err := store.DropBlob(ctx, blob.SHA256); err != nil {
			return stored(ctx, doing, err)
		}
		return failed(doing, BadAnswer, errors.New("the file's sum is wrong"))
	}
	return stored(ctx, doing, store.FinishBlob(ctx, blob.SHA256))
}

// rest fetches from offset at to the end and keeps each chunk as it comes.
func (f *files) rest(ctx context.Context, blob delivery.Blob, at int64, sum hash.Hash) (int64, error) {
	for at < blob.Size {
		f.a.p.Progress(Progress{Stage: StageBlobs, Done: f.done, Total: f.total})
		chunk, size, err := f.client.Chunk(ctx, blob.SHA256, at, min(protocol.BlobChunk, blob.Size-at))
		if err != nil {
			return at, err
		}
		if size != blob.Size {
			return at, failed("fetching a file", BadAnswer, errors.New("the file's size is wrong"))
		}
		if err := f.a.p.Store.AppendBlob(ctx, blob.SHA256, at, chunk); err != nil {
			return at, stored(ctx, "fetching a file", err)
		}
		sum.Write(chunk)
		at += int64(len(chunk))
		f.done += int64(len(chunk))
	}
	f.a.p.Progress(Progress{Stage: StageBlobs, Done: f.done, Total: f.total})
	return at, nil
}
