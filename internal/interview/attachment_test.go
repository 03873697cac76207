package interview_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/internal/interview"
	"parvis/internal/xform"
)

func attachment(digit string) interview.Attachment {
	sum := strings.Repeat(digit, 64)
	return interview.Attachment{Name: interview.AttachmentName("shelf", sum, ".jpg"), SHA256: sum, Size: 1234, Question: "/data/shelf"}
}

// toTheShelf goes to the question that asks for a picture.
func (w *world) toTheShelf() *interview.Session {
	s := w.start("")
	w.answer(s, "/data/consent", "yes", "/data/age", "33", "/data/trade", "no", "/data/why", "", "/data/shops", "", "/data/person[0]", "", "/data/score", "4")
	return s
}

func TestAPictureIsAnAnswerThatAResumeKnows(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.toTheShelf()
	first, second := attachment("a"), attachment("b")
	for _, a := range []interview.Attachment{first, second} {
		if err := s.AnswerWithFile(ctx, a); err != nil {
			t.Fatal(err)
		}
	}
	s = w.resume()
	if got := s.Value("/data/shelf"); got != "shelf-bbbbbbbb.jpg" {
		t.Errorf("after a resume the answer is %q", got)
	}
	for _, a := range []interview.Attachment{first, second} {
		if got, ok := s.Attachment(a.Name); !ok || got != a {
			t.Errorf("after a resume %s is %+v, %v", a.Name, got, ok)
		}
	}
	w.answer(s, "/data/shelf", "", "/data/name", "", "/data/bye", "")
	i, err := s.Finish(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]interview.Attachment{second}, i.Attachments); diff != "" {
		t.Error(diff)
	}
	if !strings.Contains(i.Answers, "<shelf>shelf-bbbbbbbb.jpg</shelf>") {
		t.Errorf("the answers do not name it: %s", i.Answers)
	}
	if i.Visits[len(i.Visits)-3].Edits != 1 {
		t.Errorf("the picture was replaced once, %+v", i.Visits)
	}
}

// What was taken out, or is no longer asked, does not stand in the record.
func TestOnlyPicturesThatStandAreListed(t *testing.T) {
	t.Parallel()
	for name, undo := range map[string]func(context.Context, *interview.Session) error{
		"removed":         func(ctx context.Context, s *interview.Session) error { return s.Answer(ctx, "/data/shelf", "") },
		"no longer asked": func(ctx context.Context, s *interview.Session) error { return s.Answer(ctx, "/data/score", "9") },
	} {
		ctx, w := context.Background(), newWorld(t)
		s := w.toTheShelf()
		if err := s.AnswerWithFile(ctx, attachment("a")); err != nil {
			t.Fatal(err)
		}
		if err := undo(ctx, s); err != nil {
			t.Fatal(err)
		}
		i, err := s.BreakOff(ctx, "")
		if err != nil || i.Attachments != nil || strings.Contains(i.Answers, "shelf-aaaa") {
			t.Errorf("%s: %v, %v in %s", name, err, i.Attachments, i.Answers)
		}
	}
}

func TestAFileThatCannotBeAnAnswerIsRefused(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	s := w.toTheShelf()
	for name, spoil := range map[string]func(*interview.Attachment){
		"a way out":     func(a *interview.Attachment) { a.Name = "../shelf.jpg" },
		"a drive":       func(a *interview.Attachment) { a.Name = `c:\shelf.jpg` },
		"hidden":        func(a *interview.Attachment) { a.Name = ".shelf.jpg" },
		"no sum":        func(a *interview.Attachment) { a.SHA256 = "" },
		"empty":         func(a *interview.Attachment) { a.Size = 0 },
		"too large":     func(a *interview.Attachment) { a.Size = interview.MostAttachment + 1 },
		"no question":   func(a *interview.Attachment) { a.Question = "/data/elsewhere" },
		"two extension": func(a *interview.Attachment) { a.Name = "shelf.jpg/evil.exe" },
	} {
		a := attachment("a")
		spoil(&a)
		if err := s.AnswerWithFile(ctx, a); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	a := attachment("a")
	a.Question = "/data/name"
	if err := s.AnswerWithFile(ctx, a); !errors.Is(err, interview.ErrPersonalFile) {
		t.Errorf("a personal question: %v", err)
	}
	w.journal.fail = errors.New("the disk is full")
	if err := s.AnswerWithFile(ctx, attachment("a")); err == nil {
		t.Error("what was not kept was taken")
	}
	w.journal.fail = nil
	if _, known := s.Attachment(attachment("a").Name); known || s.Value(xform.Ref("/data/shelf")) != "" {
		t.Error("what was not kept is known")
	}
}

// A correction of something else leaves the picture in the record; one of the picture replaces it.
func TestACorrectionKeepsThePicture(t *testing.T) {
	t.Parallel()
	ctx, w := context.Background(), newWorld(t)
	w.study.EditMinutes = 30
	s := w.toTheShelf()
	first, second := attachment("a"), attachment("b")
	if err := s.AnswerWithFile(ctx, first); err != nil {
		t.Fatal(err)
	}
	w.answer(s, "/data/shelf", "", "/data/name", "", "/data/bye", "")
	if _, err := s.Finish(ctx); err != nil {
		t.Fatal(err)
	}
	for _, replaced := range []bool{false, true} {
		s = w.mustReopen(interview.CorrectEdit, "mistyped")
		want := first
		if replaced {
			want = second
			if err := s.AnswerWithFile(ctx, second); err != nil {
				t.Fatal(err)
			}
		}
		i, err := s.Finish(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]interview.Attachment{want}, i.Attachments); diff != "" {
			t.Errorf("replaced %v: %s", replaced, diff)
		}
	}
}
