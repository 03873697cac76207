package mainjob

import (
	"fmt"
	"strings"

	"parvis/app/robot"
	"parvis/app/screens/question"
	"parvis/internal/interview"
)

// eligible are answers by which a respondent belongs to the sample study's population.
func eligible(age, sex string) map[string]string {
	return map[string]string{"consent": "yes", "leaving": "yes", "age": age, "sex": sex, "trade": "health", "draw": "no", "recontact": "no"}
}

func with(answers map[string]string, more ...string) map[string]string {
	for n := 0; n+1 < len(more); n += 2 {
		answers[more[n]] = more[n+1]
	}
	return answers
}

// morning enrols, works with refusals, a French interview, one that is broken off and one that is screened out, and is killed in
// the middle of a question of the last one.
func (i *interviewer) morning() error {
	return do(
		func() error { return i.robot.Type(i.ctx, i.words.T("pin.pin"), robot.PIN) },
		func() error { return i.robot.Type(i.ctx, i.words.T("pin.again"), robot.PIN) },
		func() error { return i.tap("pin.choose_button") },
		func() error { return i.tap("enrol.join") },
		func() error { return i.see("Les Halles") },
		func() error { return i.tap("today.start_shift") },
		func() error { return i.count(5) },
		func() error { return i.refuse("contact.refused", "3.21", "female", "35_54") },
		func() error { return i.refuse("contact.no_time", "2.35", interview.CannotTell, interview.CannotTell) },
		func() error { return i.count(3) },
		func() error { return i.recount(8, 11) },
		func() error { return i.miss("busy") },
		i.note,
		i.french, i.breakOff, i.screenedOut, i.void, i.refusedConsent,
		func() error { return i.refuse("contact.got_away", "2.2", "male", "70_up") },
		i.untilKilled,
	)
}

func (i *interviewer) french() error {
	r := i.person(1, with(eligible("a18_34", "woman"), "bought", "meant_to"), map[string]string{
		"why_not":    "Trop de monde, \"franchement\";\net = personne, pour répondre…",
		"nps_reason": "=Parce que, voilà", "postcode": "1050", "top_of_mind": "Kestrel",
	})
	return do(
		i.agree,
		func() error { return i.robot.Tap(i.ctx, "Ask in another language") },
		func() error { return i.see("Oui, accepte de participer") },
		func() error {
			return i.walk(r, func(m question.Model) error {
				if m.Items[0].Name == "why_not" {
					return i.notice("Hesitates")
				}
				return nil
			})
		},
		func() error { return i.finish("1.0", "French (fr)") },
	)
}

func (i *interviewer) breakOff() error {
	r := i.person(2, eligible("a35_54", "man"), nil)
	err := do(i.agree, func() error {
		return i.walk(r, func(m question.Model) error {
			if m.Items[0].Name == "unaided" {
				return errStop
			}
			return nil
		})
	})
	if err != errStop {
		return fmt.Errorf("to be broken off: %w", err)
	}
	return do(
		func() error { return i.tap("question.break_off") },
		func() error { return i.tap("closing.reason_no_time") },
		func() error { return i.see(i.words.T("closing.saved")) },
		func() error { return i.tap("common.undo") }, // the wrong reason
		i.stillAt("unaided"),
		func() error { return i.tap("question.break_off") },
		func() error { return i.tap("closing.reason_called_away") },
		func() error { return i.see(i.words.T("closing.saved")) },
		func() error { return i.tap("closing.next_contact") },
		func() error { return i.truth.tell(told{Interview: i.interviews, Disposition: "2.12", Corrections: 1}) },
	)
}

func (i *interviewer) screenedOut() error {
	r := i.person(3, with(eligible("a35_54", "man"), "trade", "research"), nil)
	return do(i.agree, func() error { return i.walk(r, nil) }, func() error { return i.finish("4.7", "") })
}

// void begins an interview by mistake; it is kept, and must not count.
func (i *interviewer) void() error {
	return do(
		i.agree,
		func() error { return i.tap("question.break_off") },
		func() error { return i.tap("closing.void_mistake") },
		func() error { return i.see(i.words.T("closing.saved")) },
		func() error { return i.tap("closing.next_contact") },
		func() error {
			return i.truth.tell(told{Interview: i.interviews, Disposition: "2.12", Void: "mistake"})
		},
	)
}

func (i *interviewer) refusedConsent() error {
	r := i.person(4, map[string]string{"consent": "no"}, nil)
	return do(i.agree, func() error { return i.walk(r, nil) }, func() error { return i.finish("3.21", "") },
		func() error { return i.guess("male", "under_35") }, // who refuses within the questionnaire is estimated too
		func() error { return i.truth.tell(told{Interview: i.interviews, Guess: "male under_35"}) },
	)
}

// personal are answers that must be readable nowhere but for the research team's key.
func personal() map[string]string {
	return map[string]string{"contact_name": "Anaïs Vandermeulen", "contact_phone": "+32 470 98 76 54"}
}

// last is the interview during which the app is killed.
func (i *interviewer) last() (fixed, texts map[string]string) {
	fixed = with(eligible("a55", "woman"), "bought", "planned", "draw", "yes", "recontact", "yes", "nps", "9")
	texts = personal()
	texts["postcode"], texts["spend"] = "9000", "45.50"
	texts["nps_reason"] = "Alles onder één dak, en vriendelijk."
	return fixed, texts
}

const halfSaid = "Alles onder één dak, en vr"

// untilKilled answers up to the verbatim, types half of it and dies.
func (i *interviewer) untilKilled() error {
	fixed, texts := i.last()
	r := i.person(5, fixed, texts)
	err := do(i.agree, func() error {
		return i.walk(r, func(m question.Model) error {
			if m.Items[0].Name == "nps_reason" {
				return errStop
			}
			return nil
		})
	})
	if err != errStop {
		return fmt.Errorf("to be killed: %w", err)
	}
	m, _ := i.app.Question()
	return do(
		func() error { return i.robot.Type(i.ctx, m.Items[0].Label, halfSaid) },
		func() error { return i.see("saved") },
		die,
	)
}

// afternoon finds everything where it was, ends the interview and the shift, and sends until all is received.
func (i *interviewer) afternoon() error {
	i.interviews = 6
	if err := do(
		func() error { return i.robot.Type(i.ctx, i.words.T("pin.pin"), robot.PIN) },
		func() error { return i.tap("pin.enter_button") },
		func() error { return i.see(halfSaid) },
	); err != nil {
		return err
	}
	m, ok := i.app.Question()
	if !ok || len(m.Items) != 1 || m.Items[0].Name != "nps_reason" || m.Items[0].Value != halfSaid {
		return fmt.Errorf("reopened at another place than it was killed at: %+v", m)
	}
	fixed, texts := i.last()
	rest := strings.TrimPrefix(texts["nps_reason"], halfSaid)
	r := i.person(6, fixed, texts)
	return do(
		func() error { return i.robot.Type(i.ctx, m.Items[0].Label, rest) },
		func() error {
			return i.truth.tell(told{Interview: i.interviews, Given: map[string]string{"nps_reason": texts["nps_reason"]}})
		},
		func() error { return i.walk(r, nil) },
		func() error { return i.finish("1.0", "English (en)") },
		i.correct,
		func() error { return i.tap("shift.pause") },
		func() error { return i.tap("shift.pause_weather") },
		func() error { return i.robot.Type(i.ctx, i.words.T("shift.pause_words"), "hail") },
		func() error { return i.tap("shift.end") },
		func() error { return i.see("6 interviews waiting, nothing sent yet") },
		func() error { return i.send(i.words.T("sync.error.offline")) }, // the network goes in the middle of the push
		func() error { return i.tap("common.close") },
		func() error { return i.send(i.words.T("sync.error.offline")) }, // central took it all in, the answer is lost
		func() error { return i.tap("common.close") },
		func() error { return i.send(i.words.T("today.all_sent")) },
	)
}

// send taps Send now and waits for what the page says then.
func (i *interviewer) send(says string) error {
	return do(func() error { return i.tap("today.send_now") }, func() error { return i.see(says) })
}
