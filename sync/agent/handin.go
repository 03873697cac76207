package agent

import (
	"context"
	"errors"
	"net/http"

	"parvis/internal/delivery"
	"parvis/internal/seal"
	"parvis/sync/protocol"
)

// HandedIn is a file with all that central has not acknowledged, which only central can open.
type HandedIn struct {
	File       []byte
	Records    int
	Interviews int // of Records
	Pictures   int
}

// HandIn makes a file of what is unsent, for a device that will not sync any more; nothing changes on the device. It fails with
// NotEnrolled where the device never enrolled, with CentralTooOld where central named no key for such files.
func (a *Agent) HandIn(ctx context.Context) (HandedIn, error) {
	const doing = "handing in what is unsent"
	var made HandedIn
	c, err := a.p.Store.Credentials(ctx)
	switch {
	case err != nil:
		return made, stored(ctx, doing, err)
	case c.IsZero():
		return made, failed(doing, NotEnrolled, nil)
	case c.HandIn == "":
		return made, failed(doing, CentralTooOld, errors.New("central named no key for such files"))
	}
	records, err := a.p.Outbox.Unsent(ctx)
	if err != nil {
		return made, stored(ctx, doing, err)
	}
	high, err := a.p.Outbox.HighSeq(ctx, c.Epoch)
	if err != nil {
		return made, stored(ctx, doing, err)
	}
	pictures, err := a.pictures(ctx)
	if err != nil {
		return made, stored(ctx, doing, err)
	}
	content, err := protocol.WriteHandIn(protocol.HandIn{Made: a.p.Now().UnixMilli(), Token: c.Token, Epoch: c.Epoch, HighSeq: high}, records, pictures)
	if err != nil {
		return made, failed(doing, Storage, err)
	}
	if made.File, err = seal.File([]string{c.HandIn}, content); err != nil {
		return made, failed(doing, Storage, err)
	}
	made.Records, made.Pictures = len(records), len(pictures)
	for _, r := range records {
		if r.Kind == delivery.KindInterview {
			made.Interviews++
		}
	}
	return made, nil
}

// pictures reads whole what central does not have.
func (a *Agent) pictures(ctx context.Context) ([]protocol.HandInFile, error) {
	list, err := a.p.Outbox.UnsentAttachments(ctx)
	if err != nil {
		return nil, err
	}
	return a.read(ctx, list)
}

// read reads pictures whole. One that cannot be read stays behind and keeps nothing else back.
func (a *Agent) read(ctx context.Context, list []delivery.Attachment) (files []protocol.HandInFile, err error) {
	for _, p := range list {
		f := protocol.HandInFile{Study: p.Study, SHA256: p.SHA256}
		for int64(len(f.Bytes)) < p.Size {
			part, err := a.p.Outbox.AttachmentPart(ctx, p, int64(len(f.Bytes)))
			if err != nil || len(part) == 0 {
				a.p.Logger.Warn("a picture is not in the file")
				break
			}
			f.Bytes = append(f.Bytes, part...)
		}
		if int64(len(f.Bytes)) == p.Size {
			files = append(files, f)
		}
	}
	return files, ctx.Err()
}

// TakeIn brings a file that a device handed in to central, by a person who is signed in. The same file may be brought again.
func (a *Agent) TakeIn(ctx context.Context, file []byte) (protocol.HandInAnswer, error) {
	const doing = "taking in a file"
	var answer protocol.HandInAnswer
	c, err := a.p.Store.Credentials(ctx)
	if err != nil {
		return answer, stored(ctx, doing, err)
	}
	if c.IsZero() {
		return answer, failed(doing, NotEnrolled, nil)
	}
	client, err := a.client(c.Central, c.Token)
	if err != nil {
		return answer, err
	}
	return client.TakeIn(ctx, file)
}

// TakeIn brings a file that a device handed in.
func (c *Client) TakeIn(ctx context.Context, file []byte) (answer protocol.HandInAnswer, err error) {
	err = c.exchangeJSON(ctx, exchange{
		doing: "taking in a file", method: http.MethodPost, path: protocol.PathHandIn, body: file, contentType: protocol.ContentHandIn,
		patience: 10 * patience, // central reads the whole of it before it answers
	}, &answer)
	return answer, err
}
