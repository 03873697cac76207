package robot

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"syscall"
	"time"

	"parvis/app/screens/question"
	"parvis/app/shell"
)

// FieldApp is the app a Shift works with.
type FieldApp interface {
	Asking
	Shell() *shell.Shell
}

// Shift is a short day in the field with the sample study of a shopping centre: one person refuses, one answers in French, one
// interview is interrupted by a kill and resumed; nothing is sent until the last part.
type Shift struct {
	App     FieldApp
	Robot   *Robot
	Picture func(r *Robot, name string) error
}

// Work does one part of the day: enrol, shift (which ends by killing this process), resume, or send;
// or it answers a previewed questionnaire to its end (preview), or finds the app enrolled (open).
func (s *Shift) Work(ctx context.Context, part string) error {
	parts := map[string]func(context.Context) error{"enrol": s.enrol, "shift": s.shift, "resume": s.resume, "send": s.send, "preview": s.preview, "open": s.open}
	do, known := parts[part]
	if !known {
		return fmt.Errorf("no part of the day is called %q", part)
	}
	time.Sleep(300 * time.Millisecond) // the window's first frame
	return do(ctx)
}

func (s *Shift) text(key string, args ...any) string { return s.App.Shell().Words().T(key, args...) }

// say prints what happens and takes a picture of it.
func (s *Shift) say(name, words string) error {
	fmt.Println("  " + words)
	time.Sleep(500 * time.Millisecond) // until the window shows what the screens hold
	return s.Picture(s.Robot, name)
}

func (s *Shift) tap(ctx context.Context, keys ...string) error {
	for _, key := range keys {
		if err := s.Robot.Tap(ctx, s.text(key)); err != nil {
			return err
		}
	}
	return nil
}

func (s *Shift) enrol(ctx context.Context) error {
	if err := s.choosePIN(ctx); err != nil {
		return err
	}
	if err := s.say("01-enrol", "address and code are filled in"); err != nil {
		return err
	}
	if err := s.tap(ctx, "enrol.join"); err != nil {
		return err
	}
	if err := s.Robot.See(ctx, "Les Halles"); err != nil {
		return err
	}
	return s.say("02-today", "enrolled, the study and its questionnaire are on the device")
}

// PIN is what the robot's device opens with.
const PIN = "271828"

func (s *Shift) choosePIN(ctx context.Context) error {
	for _, field := range []string{"pin.pin", "pin.again"} {
		if err := s.Robot.Type(ctx, s.text(field), PIN); err != nil {
			return err
		}
	}
	if err := s.say("00-pin", "chooses a PIN"); err != nil {
		return err
	}
	return s.tap(ctx, "pin.choose_button")
}

// unlock enters the PIN, as after every start.
func (s *Shift) unlock(ctx context.Context) error {
	if err := s.Robot.Type(ctx, s.text("pin.pin"), PIN); err != nil {
		return err
	}
	return s.tap(ctx, "pin.enter_button")
}

func (s *Shift) shift(ctx context.Context) error {
	if err := s.unlock(ctx); err != nil {
		return err
	}
	err := s.tap(ctx, "today.start_shift", "contact.plus_one", "contact.plus_one", "contact.plus_one", "contact.plus_one", "contact.plus_one")
	if err == nil {
		err = s.say("03-approach", "five persons passed, the fifth is approached")
	}
	if err == nil {
		err = s.tap(ctx, "contact.refused")
	}
	if err == nil {
		err = s.say("04-refused", "refused")
	}
	if err == nil {
		err = s.tap(ctx, "contact.cannot_tell")
	}
	if err == nil {
		err = s.french(ctx)
	}
	if err == nil {
		err = s.interrupted(ctx)
	}
	return err
}

func eligible() map[string]string {
	return map[string]string{"consent": "yes", "leaving": "yes", "age": "a35_54", "sex": "woman", "trade": "health", "draw": "yes", "recontact": "no"}
}

func (s *Shift) respondent(seed uint64, texts map[string]string) *Respondent {
	return NewRespondent(RespondentParams{
		Robot: s.Robot, Page: s.App, Rand: rand.New(rand.NewPCG(seed, seed)), Fixed: eligible(), Texts: texts, More: s.text("common.more"),
	})
}

func (s *Shift) french(ctx context.Context) error {
	r := s.respondent(1, map[string]string{"postcode": "1000", "contact_name": "Zoé Lambert", "contact_phone": "+32 470 11 22 33", "spend": "23.50"})
	if err := s.tap(ctx, "contact.agreed", "question.switch_language"); err != nil {
		return err
	}
	if err := s.say("05-french", "the second agrees and is asked in French"); err != nil {
		return err
	}
	if err := s.answer(ctx, r, ""); err != nil {
		return err
	}
	if err := s.tap(ctx, "question.end_finish"); err != nil {
		return err
	}
	if err := s.say("06-saved", "done: saved on the device"); err != nil {
		return err
	}
	return s.tap(ctx, "closing.next_contact")
}

func (s *Shift) interrupted(ctx context.Context) error {
	if err := s.tap(ctx, "contact.agreed"); err != nil {
		return err
	}
	r := s.respondent(2, map[string]string{"postcode": "9000"})
	if err := s.answer(ctx, r, "nps_reason"); err != nil {
		return err
	}
	m, _ := r.page()
	if err := s.Robot.Type(ctx, m.Items[0].Label, "Everything under one ro"); err != nil {
		return err
	}
	if err := s.say("07-before-the-kill", "the third is half-way through a sentence when the battery dies"); err != nil {
		return err
	}
	return errors.Join(syscall.Kill(os.Getpid(), syscall.SIGKILL), errors.New("still alive"))
}

func (s *Shift) resume(ctx context.Context) error {
	if err := s.unlock(ctx); err != nil {
		return err
	}
	if err := s.Robot.See(ctx, "Everything under one ro"); err != nil {
		return err
	}
	if err := s.say("08-resumed", "the same question, the same words"); err != nil {
		return err
	}
	r := s.respondent(3, map[string]string{"postcode": "9000", "contact_name": "An Peeters", "contact_phone": "+32 470 44 55 66"})
	m, _ := r.page()
	if err := s.Robot.Type(ctx, m.Items[0].Label, "of."); err != nil {
		return err
	}
	if err := s.answer(ctx, r, ""); err != nil {
		return err
	}
	if err := s.tap(ctx, "question.end_finish", "closing.next_contact"); err != nil {
		return err
	}
	if err := s.say("09-contact-sheet", "finished; all of it still only on the device"); err != nil {
		return err
	}
	return s.tap(ctx, "shift.pause", "shift.end")
}

func (s *Shift) send(ctx context.Context) error {
	if err := s.unlock(ctx); err != nil {
		return err
	}
	if err := s.tap(ctx, "today.send_now"); err != nil {
		return err
	}
	if err := s.Robot.See(ctx, s.text("today.all_sent")); err != nil {
		return err
	}
	return s.say("10-sent", "sent, and received once")
}

// answer walks through the questionnaire to its end, or until the question of that name is in front.
func (s *Shift) answer(ctx context.Context, r *Respondent, until string) error {
	for range 100 {
		var m question.Model
		ok := false
		s.Robot.Do(func() { m, ok = s.App.Question() })
		if !ok || m.Ended || len(m.Items) > 0 && m.Items[0].Name == until {
			return nil
		}
		if err := r.Answer(ctx); err != nil {
			return err
		}
		if err := s.tap(ctx, "common.next"); err != nil {
			return err
		}
	}
	return fmt.Errorf("the questionnaire does not end; the page reads: %s", s.Robot.Text())
}

// open finds the app ready for the day, without a tap.
func (s *Shift) open(ctx context.Context) error {
	if err := s.Robot.See(ctx, s.text("today.start_shift")); err != nil {
		return err
	}
	return s.say("open-01", "the app is enrolled and ready for the day")
}

// preview answers a questionnaire that its author tries, whatever it asks.
func (s *Shift) preview(ctx context.Context) error {
	if err := s.say("preview-01", "the questionnaire is in front"); err != nil {
		return err
	}
	if err := s.answer(ctx, s.respondent(4, map[string]string{"next_visit": "", "email": ""}), ""); err != nil {
		return err
	}
	if err := s.Robot.See(ctx, s.text("preview.again")); err != nil {
		return err
	}
	return s.say("preview-02", "and was asked to its end")
}
