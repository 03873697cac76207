package mainjob

import (
	"context"
	"fmt"
	"strings"
	"time"

	"parvis/app/robot"
)

// tablet is a field app's process that does one thing after the other as it is told.
func (i *interviewer) tablet() error {
	return obey(map[string]deed{"enrol": i.enrol, "pair": i.pair, "meet": i.meet, "sync": i.exchange})
}

// enrol chooses a PIN, joins, and begins a shift at a place that is named as the screen names it.
func (i *interviewer) enrol(with []string) (string, error) {
	return "", do(
		func() error { return i.robot.Type(i.ctx, i.words.T("pin.pin"), robot.PIN) },
		func() error { return i.robot.Type(i.ctx, i.words.T("pin.again"), robot.PIN) },
		func() error { return i.tap("pin.choose_button") },
		func() error { return i.tap("enrol.join") },
		func() error { return i.tap("today.change_place") },
		func() error { return i.robot.Tap(i.ctx, with[0]) },
		func() error { return i.tap("common.done") },
		func() error { return i.see(with[0]) },
		func() error { return i.tap("today.start_shift") },
		func() error { return i.tap("common.today") },
	)
}

// pair types the code that a supervisor's laptop shows.
func (i *interviewer) pair(with []string) (string, error) {
	return "", do(
		func() error { return i.tap("settings.title") },
		func() error { return i.tap("laptop.pair") },
		func() error { return i.robot.Type(i.ctx, i.words.T("laptop.code"), with[0]) },
		func() error { return i.tap("laptop.pair") },
		func() error { return i.see(strings.TrimSuffix(i.words.T("laptop.paired_now", "name", ""), ".")) },
		func() error { return i.tap("common.back") },
		func() error { return i.see(i.words.T("today.send_now")) },
	)
}

// meet asks somebody of an age group, to the end or until the quota says that it is enough; it says the outcome.
func (i *interviewer) meet(with []string) (string, error) {
	r := i.person(uint64(i.interviews), map[string]string{"consent": "yes", "age": with[0]}, map[string]string{"why": "To buy bread."})
	if err := do(
		func() error { return i.tap("today.resume_shift") },
		i.agree,
		func() error { return i.walk(r, nil) },
	); err != nil {
		return "", err
	}
	outcome := "1.0"
	if i.robot.Sees(i.words.T("question.quota_full")) {
		outcome = "4.8"
	}
	return outcome, do(func() error { return i.finish(outcome, "") }, func() error { return i.tap("common.today") })
}

// exchange taps Send now and waits until it is over, however it comes out.
func (i *interviewer) exchange([]string) (string, error) {
	if err := i.tap("today.send_now"); err != nil {
		return "", err
	}
	return over(i.robot, i.words.T("common.stop"), i.words.T("common.close"))
}

// over waits while a synchronisation can be stopped, puts away what is said of its failure, and gives that.
func over(r *robot.Robot, stop, shut string) (said string, err error) {
	for tries := 0; r.Can(stop); tries++ {
		if tries == 6000 {
			return "", fmt.Errorf("it goes on for ever; the page reads: %s", r.Text())
		}
		time.Sleep(10 * time.Millisecond)
	}
	if !r.Can(shut) {
		return "", nil
	}
	said = r.Text()
	return said, r.Tap(context.Background(), shut)
}
