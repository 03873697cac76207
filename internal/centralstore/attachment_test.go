package centralstore

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

func (d *device) part(body []byte, from, to int) AttachmentPart {
	return AttachmentPart{Who: d.Principal, Study: "mall", SHA256: delivery.Sum(body), Size: int64(len(body)), Offset: int64(from), Chunk: body[from:to]}
}

// Central is killed after the last byte and before it said so: the device asks, finds everything there, and ends it.
func TestAKillBeforeTheLastWordLosesNothing(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	body := []byte("a picture of a shelf")
	s := c.insides()
	if err := s.write(ctx, func(ctx context.Context, tx *sql.Tx) error { return s.upload(ctx, tx, d.part(body, 0, len(body))) }); err != nil {
		t.Fatal(err)
	}
	state, err := c.HaveAttachment(ctx, d.Principal, "mall", delivery.Sum(body))
	if err != nil || state.Complete || state.Have != int64(len(body)) {
		t.Fatalf("%+v, %v", state, err)
	}
	if state, err = c.PutAttachment(ctx, d.part(body, len(body), len(body))); err != nil || !state.Complete {
		t.Errorf("%+v, %v", state, err)
	}
	if state, err = c.HaveAttachment(ctx, d.Principal, "mall", delivery.Sum(body)); err != nil || !state.Complete {
		t.Errorf("%+v, %v", state, err)
	}
}

// A device that begins many files keeps room for few beginnings, and the newest are those that stay.
func TestBeginningsDoNotFillTheDisk(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	for n := range 3 * mostUploads {
		body := fmt.Appendf(nil, "picture %d", n)
		if _, err := c.PutAttachment(ctx, d.part(body, 0, 5)); err != nil {
			t.Fatal(err)
		}
		c.pass(time.Second)
	}
	var begun []string
	err := c.insides().read(ctx, func(ctx context.Context, tx *sql.Tx) (err error) {
		begun, err = texts(ctx, tx, `SELECT sha256 FROM upload_chunks WHERE device = $1`, d.Device)
		return err
	})
	if err != nil || len(begun) != mostUploads {
		t.Errorf("%d beginnings, %v", len(begun), err)
	}
	last := fmt.Appendf(nil, "picture %d", 3*mostUploads-1)
	if state, err := c.HaveAttachment(ctx, d.Principal, "mall", delivery.Sum(last)); err != nil || state.Have != 5 {
		t.Errorf("of the newest there is %+v, %v", state, err)
	}
}

// What is missing is counted by whose it is; a file that several name counts once, and what could be no file's name is passed over.
func TestStatusTellsWhichFilesHaveNotArrived(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	bodies := [][]byte{[]byte("one"), []byte("two")}
	naming := func(name string, body []byte) delivery.Record {
		r := d.record(t, delivery.KindInterview, "mall", "north")
		return d.with(t, r, interview.Interview{
			ID: r.ID, Study: "mall", Site: "north", Disposition: interview.Complete, Answers: "<data/>",
			Attachments: []interview.Attachment{{Name: name, SHA256: delivery.Sum(body), Size: int64(len(body)), Question: "/data/shelf"}},
		})
	}
	done := c.push(t, d, naming("a.jpg", bodies[0]), naming("b.jpg", bodies[0]), naming("c.jpg", bodies[1]), naming("../d.jpg", []byte("three")))
	for _, s := range statuses(done) {
		if s != delivery.Received {
			t.Errorf("%v", statuses(done))
		}
	}
	count := func() (n int) {
		status, err := c.Status(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range status.Missing {
			if m.Study != "mall" || m.Interviewer != "0417" || m.Oldest != start.UnixMilli() {
				t.Errorf("%+v", m)
			}
			n += m.Files
		}
		return n
	}
	for arrived, body := range bodies {
		if n := count(); n != 2-arrived {
			t.Errorf("%d have arrived, %d are missing", arrived, n)
		}
		if _, err := c.PutAttachment(ctx, d.part(body, 0, len(body))); err != nil {
			t.Fatal(err)
		}
	}
	if n := count(); n != 0 {
		t.Errorf("%d are missing", n)
	}
}
