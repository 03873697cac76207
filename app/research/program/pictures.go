package program

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parvis/internal/export"
	"parvis/internal/export/archive"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// picturing brings the pictures that answers name into the folder beside the files, as far as they are not there yet.
type picturing struct {
	*fetching
	dir   string
	names map[string]string // sums by the name of the file, of what this run has seen

	total, fetched, missing int
	apart                   []string // pictures whose name another one has, with where they are
}

// all goes through the interviews. Pictures that central has not got yet are counted: their devices bring them later.
func (p *picturing) all(ctx context.Context) error {
	if asks, err := p.asks(); err != nil || !asks {
		return err
	}
	p.names = map[string]string{}
	bar := p.m.counter("fetching", "pictures")
	defer bar.end()
	return p.archive.Current(func(r archive.Record) error {
		if ctx.Err() != nil {
			return errors.New("stopped. What was pulled is kept: run the same command again to go on")
		}
		before := p.fetched
		err := p.record(ctx, r)
		bar.add(p.fetched - before)
		return err
	})
}

// asks tells whether any version of the questionnaire asks for a file, so that studies without one never wait for the search.
func (p *picturing) asks() (bool, error) {
	bodies, err := p.archive.Studies()
	if err != nil {
		return false, err
	}
	for _, body := range bodies {
		var s study.Study
		if err := json.Unmarshal(body, &s); err != nil {
			return false, fmt.Errorf("the study cannot be read: %w", err)
		}
		if xml, found, err := p.archive.Form(s.Form.SHA256); err != nil || found && bytes.Contains(xml, []byte("upload")) {
			return err == nil, err
		}
	}
	return false, nil
}

func (p *picturing) record(ctx context.Context, r archive.Record) error {
	if r.Kind != export.KindInterview || !bytes.Contains(r.Body, []byte(`"attachments":`)) {
		return nil
	}
	var i struct {
		Attachments []interview.Attachment `json:"attachments"`
	}
	if err := json.Unmarshal(r.Body, &i); err != nil {
		return nil // the files tell of a record that cannot be read
	}
	for _, a := range i.Attachments {
		if !a.Valid() || !filepath.IsLocal(r.ID) {
			continue
		}
		if err := p.picture(ctx, r.ID, a); err != nil {
			return err
		}
	}
	return nil
}

func (p *picturing) picture(ctx context.Context, id string, a interview.Attachment) error {
	place := filepath.Join(export.Media, a.Name)
	switch had, seen := p.names[a.Name]; {
	case seen && had == a.SHA256:
		return nil
	case seen: // of many thousands two may begin alike; the later one goes into a folder of its interview
		place = filepath.Join(export.Media, id, a.Name)
		p.apart = append(p.apart, place)
	default:
		p.names[a.Name] = a.SHA256
	}
	p.total++
	path := filepath.Join(p.dir, place)
	if info, err := os.Stat(path); err == nil && info.Size() == a.Size {
		return nil
	}
	data, err := p.bytes(ctx, a)
	var e *agent.Error
	if errors.As(err, &e) && e.Problem != nil && e.Problem.Code == protocol.CodeNotFound {
		p.missing++
		return nil
	}
	if err != nil {
		return err
	}
	p.fetched++
	return writeBeside(path, data)
}

// bytes fetches a picture, chunk by chunk, and verifies it.
func (p *picturing) bytes(ctx context.Context, a interview.Attachment) ([]byte, error) {
	data := make([]byte, 0, a.Size)
	for at := int64(0); at < a.Size; at = int64(len(data)) {
		err := p.patiently(ctx, func() error {
			chunk, size, err := p.client.AttachmentPart(ctx, a.SHA256, at, min(protocol.AttachmentChunk, a.Size-at))
			if err == nil && size != a.Size {
				err = fmt.Errorf("the picture %s has %d bytes instead of %d", a.Name, size, a.Size)
			}
			if err == nil {
				data = append(data, chunk...)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if protocol.Sum(data) != a.SHA256 {
		return nil, fmt.Errorf("the picture %s came damaged. Run the same command again", a.Name)
	}
	return data, nil
}

// writeBeside puts a file in its place whole or not at all.
func writeBeside(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("making the folder for the pictures: %w", err)
	}
	part := path + ".part"
	if err := os.WriteFile(part, data, 0o600); err != nil {
		return fmt.Errorf("writing a picture: %w", errors.Join(err, os.Remove(part)))
	}
	return os.Rename(part, path)
}

// report says what there is now.
func (p *picturing) report() {
	if p.fetched > 0 {
		p.m.print("%s new in %s, %s in all.\n", count(p.fetched, "picture"), filepath.Join(p.dir, export.Media), count(p.total-p.missing, "picture"))
	}
	if p.missing > 0 {
		p.m.print("Not at central yet: %s. They wait on their devices; pull again when these have synchronised.\n", count(p.missing, "picture"))
	}
	for _, place := range p.apart {
		p.m.print("Its name was taken: %s\n", place)
	}
}
