package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/export"
	"parvis/internal/export/archive"
	"parvis/internal/study"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// mostTries is how often an exchange is tried before the person is told.
const mostTries = 5

// fetching brings the archive up to date, page after page. Each page is on the disk before the next is asked for.
type fetching struct {
	m       *Main
	client  *agent.Client
	archive *archive.Archive
	study   string
	records int // new ones
}

func (f *fetching) all(ctx context.Context) error {
	bar := f.m.counter("pulling", "records")
	defer bar.end()
	for {
		before := f.archive.Cursor()
		var answer protocol.PullAnswer
		err := f.patiently(ctx, func() (err error) {
			answer, err = f.client.Records(ctx, f.study, "", before)
			return err
		})
		if err != nil {
			return err
		}
		page, err := pageOf(answer)
		if err != nil {
			return err
		}
		for _, body := range page.Studies {
			if err := f.form(ctx, body); err != nil {
				return err
			}
		}
		if len(page.Records) > 0 || len(page.Studies) > 0 || page.Cursor != before {
			if err := f.archive.Append(page); err != nil {
				return err
			}
		}
		f.records += len(page.Records)
		bar.add(len(page.Records))
		if !answer.More {
			return nil
		}
		if page.Cursor == before {
			return errors.New("central says there is more and does not move on. Tell whoever hosts it")
		}
	}
}

// pageOf reads an answer. Kinds of item it does not know are passed over; a record whose bytes are not those its sum was taken of
// stops the pull before anything of the page is kept.
func pageOf(answer protocol.PullAnswer) (archive.Page, error) {
	page := archive.Page{Cursor: answer.Cursor}
	for _, item := range answer.Items {
		switch item.Kind {
		case protocol.ItemStudy:
			page.Studies = append(page.Studies, item.Body)
		case protocol.ItemDecision:
			r, err := decisionOf(item)
			if err != nil {
				return page, err
			}
			page.Records = append(page.Records, r)
		case protocol.ItemRecord:
			var r protocol.StoredRecord
			if err := json.Unmarshal(item.Body, &r); err != nil || protocol.Sum(r.Body) != r.SHA256 {
				return page, fmt.Errorf("record %s came damaged. Run the same command again; if it happens again, tell whoever hosts central", item.ID)
			}
			kept := archive.Record{Kind: string(r.Kind), ID: r.ID, Revision: r.Revision, ReceivedAt: r.ReceivedAt, SkewMS: r.SkewMS, Body: r.Body}
			if r.Kind == delivery.KindInterview {
				kept.Interview, kept.Provisional = r.ID, r.Provisional
			}
			page.Records = append(page.Records, kept)
		}
	}
	return page, nil
}

// decisionOf reads a decision; one about an interview tells how that stands.
func decisionOf(item protocol.Item) (archive.Record, error) {
	r := archive.Record{Kind: export.KindDecision, ID: item.ID, Revision: 1, Body: item.Body}
	var d delivery.StoredDecision
	if err := json.Unmarshal(item.Body, &d); err != nil {
		return r, fmt.Errorf("decision %s came damaged. Run the same command again; if it happens again, tell whoever hosts central", item.ID)
	}
	r.Interview, r.Provisional = d.Subject, d.Provisional
	return r, nil
}

// form fetches the questionnaire of a version of the study, unless it is there already.
func (f *fetching) form(ctx context.Context, body []byte) error {
	var s study.Study
	if err := json.Unmarshal(body, &s); err != nil {
		return fmt.Errorf("the study cannot be read: %w", err)
	}
	if _, found, err := f.archive.Form(s.Form.SHA256); found || err != nil {
		return err
	}
	var xml []byte
	for int64(len(xml)) < s.Form.Size {
		err := f.patiently(ctx, func() error {
			chunk, size, err := f.client.Chunk(ctx, s.Form.SHA256, int64(len(xml)), min(protocol.BlobChunk, s.Form.Size-int64(len(xml))))
			if err == nil && size != s.Form.Size {
				err = fmt.Errorf("the questionnaire has %d bytes instead of %d", size, s.Form.Size)
			}
			if err == nil {
				xml = append(xml, chunk...)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if protocol.Sum(xml) != s.Form.SHA256 {
		return errors.New("the questionnaire came damaged. Run the same command again")
	}
	return f.archive.SaveForm(s.Form.SHA256, xml)
}

// patiently tries again, ever later, where that may help.
func (f *fetching) patiently(ctx context.Context, try func() error) error {
	for n := 1; ; n++ {
		err := try()
		var e *agent.Error
		if err == nil || n == mostTries || !errors.As(err, &e) || !worthAnother(e.Reason) {
			return err
		}
		wait := max(e.RetryAfter, time.Second<<(n-1))
		if f.m.p.Sleep(ctx, wait) != nil {
			return err
		}
	}
}

func worthAnother(r agent.Reason) bool {
	return r == agent.Offline || r == agent.TooMany || r == agent.CentralTrouble || r == agent.BadAnswer
}
