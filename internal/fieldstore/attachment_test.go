package fieldstore_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/xform"
)

// shelf is a picture as far as the store knows pictures: bytes, among them some that can be recognised, without repetition.
func shelf(size int, word string) []byte {
	random, body := rand.New(rand.NewPCG(uint64(size), 5)), make([]byte, 0, size)
	for len(body) < size {
		body = fmt.Appendf(body, "%s %x;", word, random.Uint64())
	}
	return body[:size]
}

func attachmentOf(body []byte) interview.Attachment {
	sum := delivery.Sum(body)
	return interview.Attachment{Name: interview.AttachmentName("shelf", sum, ".jpg"), SHA256: sum, Size: int64(len(body)), Question: "/data/shelf"}
}

// toTheShelf goes to the question that asks for a picture.
func (d *device) toTheShelf(t testing.TB, s *interview.Session) {
	t.Helper()
	ctx := context.Background()
	for _, a := range [][2]string{{"/data/consent", "yes"}, {"/data/age", "33"}, {"/data/trade", "no"}, {}, {}, {}, {"/data/score", "4"}} {
		if a[0] != "" {
			if err := s.Answer(ctx, xform.Ref(a[0]), a[1]); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Next(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if s.Position().Ref != "/data/shelf" {
		t.Fatalf("the page is %s", s.Position())
	}
}

// give saves a picture and answers with it.
func (d *device) give(t testing.TB, s *interview.Session, body []byte) interview.Attachment {
	t.Helper()
	a := attachmentOf(body)
	if err := d.SaveAttachment(context.Background(), s.ID(), a, body); err != nil {
		t.Fatal(err)
	}
	if err := s.AnswerWithFile(context.Background(), a); err != nil {
		t.Fatal(err)
	}
	return a
}

// states are the pictures of an interview: name, state and how many chunks lie there.
func (d *device) states(t testing.TB, id string) string {
	t.Helper()
	var all []string
	if err := d.File.Read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		return fieldstore.Each(ctx, tx, func(rows *sql.Rows) error {
			var sum, state string
			var chunks int
			err := rows.Scan(&sum, &state, &chunks)
			all = append(all, fmt.Sprintf("%.4s %s %d", sum, state, chunks))
			return err
		}, `SELECT sha256, state, (SELECT count(*) FROM attachment_chunk c WHERE c.interview = a.interview AND c.name = a.name) FROM attachment a
			WHERE interview = ? ORDER BY made, size`, id)
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(all, ", ")
}

func (d *device) acknowledge(t testing.TB, status delivery.Status) {
	t.Helper()
	if err := d.ApplyReceipts(context.Background(), receipts(d.batch(t), status, "why")); err != nil {
		t.Fatal(err)
	}
}

func TestAPictureWaitsUntilItsInterviewIsSentAndThenGoes(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	d.toTheShelf(t, s)
	first, second := shelf(700_001, "first"), shelf(600_000, "second")
	d.give(t, s, first)
	a := d.give(t, s, second)
	d.give(t, s, second) // the same once more is no other picture
	if got, err := d.Attachment(ctx, s.ID(), a.Name); err != nil || !bytes.Equal(got, second) {
		t.Errorf("%d bytes came back, %v", len(got), err)
	}
	waiting := func(want int, when string) []delivery.Attachment {
		list, err := d.WaitingAttachments(ctx)
		if err != nil || len(list) != want {
			t.Fatalf("%s: %v wait, %v", when, list, err)
		}
		return list
	}
	waiting(0, "before the end")
	i, err := s.BreakOff(ctx, "")
	if err != nil || len(i.Attachments) != 1 || i.Attachments[0] != a {
		t.Fatalf("%v, %v", i.Attachments, err)
	}
	if got, want := d.states(t, i.ID), fmt.Sprintf("%.4s waiting 3, %.4s replaced 0", a.SHA256, delivery.Sum(first)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	waiting(0, "before the interview is sent")
	if w, err := d.Waiting(ctx); err != nil || w.Attachments != 1 {
		t.Errorf("%+v, %v", w, err)
	}
	if o, err := d.Outlook(ctx); err != nil || o.PicturesWaiting != 1 {
		t.Errorf("%+v, %v", o, err)
	}
	d.acknowledge(t, delivery.Received)
	one := waiting(1, "after the interview was sent")[0]
	if want := (delivery.Attachment{Interview: i.ID, Name: a.Name, Study: "visit", SHA256: a.SHA256, Size: a.Size}); one != want {
		t.Errorf("%+v, want %+v", one, want)
	}
	var sent []byte
	for offset := int64(0); offset < one.Size; offset = int64(len(sent)) {
		part, err := d.AttachmentPart(ctx, one, offset)
		if err != nil {
			t.Fatal(err)
		}
		sent = append(sent, part[:min(len(part), 100_000)]...)
	}
	if !bytes.Equal(sent, second) {
		t.Error("the parts are not the picture")
	}
	if part, err := d.AttachmentPart(ctx, one, one.Size); err == nil {
		t.Errorf("beyond the end there are %d bytes", len(part))
	}
	if err := d.MarkAttachmentSent(ctx, one); err != nil {
		t.Fatal(err)
	}
	waiting(0, "after it arrived")
	if w, err := d.Waiting(ctx); err != nil || w.Attachments != 0 {
		t.Errorf("%+v, %v", w, err)
	}
	// Central is restored from a copy that has neither.
	if n, err := d.Requeue(ctx, "e1", []delivery.Range{{First: 1, Last: 1000}}); err != nil || n == 0 {
		t.Errorf("%d again, %v", n, err)
	}
	waiting(0, "before the interview is sent again")
	d.acknowledge(t, delivery.Received)
	waiting(1, "after it was sent again")
}

func TestAPictureOfAQuarantinedInterviewStays(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	d.toTheShelf(t, s)
	a := d.give(t, s, shelf(5000, "x"))
	if _, err := s.BreakOff(ctx, ""); err != nil {
		t.Fatal(err)
	}
	d.acknowledge(t, delivery.Quarantined)
	if list, err := d.WaitingAttachments(ctx); err != nil || len(list) != 0 {
		t.Errorf("%v are sent, %v", list, err)
	}
	if body, err := d.Attachment(ctx, s.ID(), a.Name); err != nil || len(body) != 5000 {
		t.Errorf("%d bytes, %v", len(body), err)
	}
}

// A kill between the two calls leaves a picture that no answer names; the interview goes on, and at its end the picture goes.
func TestAKillBetweenSavingAndAnsweringLosesNothingElse(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	d.toTheShelf(t, s)
	kept := d.give(t, s, shelf(5000, "kept"))
	lost := shelf(6000, "lost")
	if err := d.SaveAttachment(ctx, s.ID(), attachmentOf(lost), lost); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.open(t)
	s = d.resume(t, s.ID())
	if got := s.Value("/data/shelf"); got != kept.Name {
		t.Errorf("the answer is %q", got)
	}
	if _, known := s.Attachment(kept.Name); !known {
		t.Error("the resumed interview does not know its picture")
	}
	i, err := s.BreakOff(ctx, "")
	if err != nil || len(i.Attachments) != 1 {
		t.Fatalf("%v, %v", i.Attachments, err)
	}
	if got, want := d.states(t, i.ID), fmt.Sprintf("%.4s waiting 1, %.4s replaced 0", kept.SHA256, delivery.Sum(lost)); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestPracticePicturesNeverLeave(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, true))
	d.toTheShelf(t, s)
	a := d.give(t, s, shelf(5000, "practice"))
	if _, err := s.BreakOff(ctx, ""); err != nil {
		t.Fatal(err)
	}
	if got := d.states(t, s.ID()); got != fmt.Sprintf("%.4s replaced 0", a.SHA256) {
		t.Errorf("of practice there is left: %s", got)
	}
	if w, err := d.Waiting(ctx); err != nil || w.Attachments != 0 {
		t.Errorf("%+v, %v", w, err)
	}
	again := d.begin(t, d.shiftNow(t))
	d.toTheShelf(t, again)
	d.give(t, again, shelf(5000, "practice"))
	if err := d.File.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE attachment SET state = 'sent' WHERE interview = ?`, again.ID())
		return err
	}); err == nil || !strings.Contains(err.Error(), "practice is never sent") {
		t.Errorf("the file let practice be sent: %v", err)
	}
}

func (d *device) shiftNow(t testing.TB) interview.Shift {
	t.Helper()
	s, err := d.CurrentShift(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhatIsNotThePictureIsNotKept(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	body := shelf(5000, "x")
	a := attachmentOf(body)
	other := a
	other.SHA256 = delivery.Sum([]byte("other"))
	if err := d.SaveAttachment(ctx, s.ID(), other, body); err == nil {
		t.Error("a wrong sum was kept")
	}
	if err := d.SaveAttachment(ctx, s.ID(), a, body[:100]); err == nil {
		t.Error("half a picture was kept")
	}
	if err := d.SaveAttachment(ctx, "no-such-interview", a, body); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("a picture of nobody: %v", err)
	}
	d.Lock()
	if err := d.SaveAttachment(ctx, s.ID(), a, body); !errors.Is(err, fieldstore.ErrPINNeeded) {
		t.Errorf("locked: %v", err)
	}
}

func TestTheFileRefusesToLosePictures(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	s := d.begin(t, d.shift(t, false))
	d.toTheShelf(t, s)
	d.give(t, s, shelf(300_000, "x"))
	if _, err := s.BreakOff(ctx, ""); err != nil {
		t.Fatal(err)
	}
	before := d.states(t, s.ID())
	for _, query := range []string{
		`DELETE FROM attachment`, `DELETE FROM attachment_chunk`, `UPDATE attachment SET state = 'replaced'`, `UPDATE attachment SET state = 'gone'`,
		`UPDATE attachment SET practice = 1`, `UPDATE attachment SET name = 'x.jpg'`, `UPDATE attachment SET sha256 = ''`, `UPDATE attachment SET study = 'other'`,
		`UPDATE attachment_chunk SET body = x'00'`, `UPDATE attachment_chunk SET at = 7`, `REPLACE INTO attachment_chunk SELECT interview, name, at, x'00' FROM attachment_chunk`,
	} {
		if err := d.File.Write(ctx, func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, query)
			return err
		}); err == nil {
			t.Errorf("the file let this happen: %s", query)
		}
	}
	if after := d.states(t, s.ID()); after != before {
		t.Errorf("before %s\nafter %s", before, after)
	}
}

// The disk shows nothing of a picture, neither while it is the answer, nor after it was replaced, nor after the end.
func TestTheDiskShowsNothingOfAPicture(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	d.shift(t, false)
	d.complete(t, d.begin(t, d.shiftNow(t)), "30", "Anna") // brings the log into the file
	s := d.begin(t, d.shiftNow(t))
	d.toTheShelf(t, s)
	d.give(t, s, shelf(600_000, "marmalade"))
	d.give(t, s, shelf(300_000, "turnips"))
	secrets := []string{"marmalade", "turnips"}
	d.showsNone(t, "while the interview runs", secrets)
	if _, err := s.BreakOff(ctx, ""); err != nil {
		t.Fatal(err)
	}
	d.showsNone(t, "after it ended", secrets)
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	d.showsNone(t, "after the app closed", secrets)
}
