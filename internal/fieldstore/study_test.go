package fieldstore_test

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore"
	"parvis/internal/interview"
	"parvis/internal/study"
)

func TestAnUpdateIsUsedWhenItIsWholeAndDraftsKeepTheirVersion(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	s := d.begin(t, shift)
	newer, card := append(bytes.Clone(d.text), '\n'), []byte("a picture")
	next := d.study
	next.Form = study.FormRef{ID: "visit", Version: "4", SHA256: delivery.Sum(newer), Size: int64(len(newer))}
	next.Media = []study.Media{{Name: "card.png", SHA256: delivery.Sum(card), Size: int64(len(card))}}
	d.pull(t, next)
	d.pull(t, next) // the same again is no version
	d.checkVersion(t, "3", true)
	wanted, err := d.WantedBlobs(ctx)
	if err != nil || len(wanted) != 2 || wanted[0].SHA256 != next.Form.SHA256 || wanted[1].Size != int64(len(card)) {
		t.Fatalf("%+v, %v", wanted, err)
	}
	d.fetch(t, newer)
	d.checkVersion(t, "3", true)
	if _, err := d.Blob(ctx, next.Media[0].SHA256); !errors.Is(err, fieldstore.ErrIncomplete) {
		t.Errorf("%v", err)
	}
	d.fetch(t, card)
	d.checkVersion(t, "4", false)
	if got, err := d.Media(ctx, "visit", "card.png"); err != nil || !bytes.Equal(got, card) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := d.Form(ctx, "visit"); err != nil || !bytes.Equal(got, newer) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
	st, err := d.DraftStudy(ctx, s.ID())
	if err != nil || st.Form.Version != "3" {
		t.Fatalf("%s, %v", st.Form.Version, err)
	}
	if old, err := d.Blob(ctx, st.Form.SHA256); err != nil || !bytes.Equal(old, d.text) {
		t.Errorf("the draft's questionnaire has gone: %v", err)
	}
	if _, err := s.Void(ctx, "by mistake"); err != nil {
		t.Fatal(err)
	}
	d.pull(t, next)
	if _, err := d.Blob(ctx, st.Form.SHA256); err != nil {
		t.Errorf("the questionnaire of an ending that can still be taken back has gone: %v", err)
	}
	d.now = d.now.Add(interview.UndoGrace + time.Second)
	d.pull(t, next)
	if _, err := d.Blob(ctx, st.Form.SHA256); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("a questionnaire nobody needs is kept: %v", err)
	}
}

func (d *device) checkVersion(t *testing.T, version string, update bool) {
	t.Helper()
	list, err := d.Studies(context.Background())
	if err != nil || len(list) != 1 || list[0].Form.Version != version || !list[0].Ready || list[0].Update != update {
		t.Fatalf("%+v, %v", list, err)
	}
}

func TestAWithdrawnStudyIsNotOfferedButNothingIsLost(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	shift := d.shift(t, false)
	s := d.begin(t, shift)
	if err := d.ApplyPull(ctx, []delivery.Item{
		{Kind: delivery.ItemWithdrawn, ID: "visit"}, {Kind: delivery.ItemRevocation}, {Kind: "of a later version"},
	}, "c2"); err != nil {
		t.Fatal(err)
	}
	if list, err := d.Studies(ctx); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
	if c, err := d.Enrolment(ctx); err != nil || !c.Revoked || c.Epoch != "e1" {
		t.Errorf("%v", err)
	}
	i := d.complete(t, s, "30", "Anna Peeters")
	if i.Disposition != interview.Complete || len(d.batch(t)) != 4 {
		t.Errorf("%s, %d records", i.Disposition, len(d.batch(t)))
	}
	d.pull(t, d.study)
	d.checkVersion(t, "3", false)
}

func TestFilesComeInOrderOrNotAtAll(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	card := []byte("a picture")
	next := d.study
	next.Media = []study.Media{{Name: "card.png", SHA256: delivery.Sum(card), Size: int64(len(card))}}
	d.pull(t, next)
	sum := next.Media[0].SHA256
	if err := d.AppendBlob(ctx, sum, 3, card[3:]); err == nil {
		t.Error("a hole was accepted")
	}
	if err := d.AppendBlob(ctx, sum, 0, append(bytes.Clone(card), 'x')); err == nil {
		t.Error("more than the file was accepted")
	}
	if err := d.AppendBlob(ctx, sum, 0, card[:3]); err != nil {
		t.Fatal(err)
	}
	if err := d.FinishBlob(ctx, sum); err == nil {
		t.Error("half a file was called complete")
	}
	if part, err := d.BlobPart(ctx, sum); err != nil || !bytes.Equal(part, card[:3]) {
		t.Errorf("%q, %v", part, err)
	}
	if err := d.DropBlob(ctx, sum); err != nil {
		t.Fatal(err)
	}
	d.fetch(t, card)
	if err := d.DropBlob(ctx, sum); err != nil {
		t.Fatal(err)
	}
	if whole, err := d.Blob(ctx, sum); err != nil || !bytes.Equal(whole, card) {
		t.Errorf("a complete file was dropped: %v", err)
	}
	if err := d.AppendBlob(ctx, delivery.Sum([]byte("unknown")), 0, card); !errors.Is(err, fieldstore.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestAgentsNotesSurvive(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	plan := delivery.Schedule{NextAttempt: 5, Failures: 2, Batch: 40, LastSuccess: 4, LastError: "offline"}
	if err := d.SaveSchedule(ctx, plan); err != nil {
		t.Fatal(err)
	}
	for n := range 310 {
		if err := d.LogSync(ctx, delivery.SyncEntry{Sent: n}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.SaveSetting(ctx, "theme", "sunlight"); err != nil {
		t.Fatal(err)
	}
	d.reopen(t)
	if got, err := d.Schedule(ctx); err != nil || got != plan {
		t.Errorf("%+v, %v", got, err)
	}
	if log, err := d.SyncLog(ctx, 1000); err != nil || len(log) != 300 || log[0].Sent != 309 {
		t.Errorf("%d lines, %v", len(log), err)
	}
	if v, err := d.Setting(ctx, "theme"); err != nil || v != "sunlight" {
		t.Errorf("%q, %v", v, err)
	}
	if v, err := d.Setting(ctx, "unknown"); err != nil || v != "" {
		t.Errorf("%q, %v", v, err)
	}
	if c, err := d.Credentials(ctx); err != nil || c != credentials("e1") {
		t.Errorf("%v", err)
	}
	if cursor, err := d.Cursor(ctx); err != nil || cursor != "c1" {
		t.Errorf("%q, %v", cursor, err)
	}
}

// Pictures may wait for a better network, what the questionnaire cannot do without may not.
func TestWhichFilesAreMedia(t *testing.T) {
	t.Parallel()
	ctx, d := context.Background(), newDevice(t)
	next, sizes := d.study, map[int64]bool{}
	for i, f := range []struct {
		names []string
		media bool
	}{
		{[]string{"card.PNG"}, true},
		{[]string{"a.b.jpeg"}, true},
		{[]string{"said.m4a"}, true},
		{[]string{"shops.csv"}, false},
		{[]string{"zones.geojson"}, false},
		{[]string{"png"}, false},
		{[]string{"list.xml"}, false},
		{[]string{"unknown.bin"}, false},
		{[]string{"a.png", "a.csv"}, false},
		{[]string{"b.png", "b.jpg"}, true}, // the same bytes under two names
	} {
		size := int64(1000 + i)
		sizes[size] = f.media
		for _, name := range f.names {
			next.Media = append(next.Media, study.Media{Name: name, SHA256: delivery.Sum([]byte(f.names[0])), Size: size})
		}
	}
	next.Form.SHA256 = delivery.Sum([]byte("another questionnaire"))
	d.pull(t, next)
	wanted, err := d.WantedBlobs(ctx)
	if err != nil || len(wanted) != len(sizes)+1 || wanted[0].Media {
		t.Fatalf("%+v, %v", wanted, err)
	}
	for _, b := range wanted[1:] {
		if b.Media != sizes[b.Size] {
			t.Errorf("the file of %d bytes: %v", b.Size, b.Media)
		}
	}
}
