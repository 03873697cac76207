package simulation

import "math/rand/v2"

// plan is how probable each fault is on one day: of a request, a call of the device's store, a step of an interviewer, or a step of
// whoever runs central.
type plan struct {
	// of a request
	lostRequest, lostAnswer, cutRequest, cutAnswer, damaged, twice, late, portal, trouble, busy, rollback, crashAfter float64
	// slow is how many times slower the network is than a good one.
	slow float64
	// of a call of the device's store by the agent
	crash, full float64
	// of an interviewer's step
	kill, backup, restore, clone, jump, lock, enrol, bad float64
	// of a step of whoever runs central
	restart, outage, centralCrash, centralBackup, centralRestore, revoke float64
}

// drawPlan makes some days calm and some wild; most faults are absent on most days, so that each also meets few others.
func drawPlan(dice *rand.Rand) plan {
	wild := 0.2 + 0.8*dice.Float64()
	p := func(most float64) float64 {
		if dice.IntN(2) == 0 {
			return 0
		}
		return most * wild * dice.Float64()
	}
	drawn := plan{
		lostRequest: p(0.15), lostAnswer: p(0.2), cutRequest: p(0.1), cutAnswer: p(0.12), damaged: p(0.1), twice: p(0.15), late: p(0.15),
		portal: p(0.1), trouble: p(0.1), busy: p(0.08), rollback: p(0.12), crashAfter: p(0.1), slow: []float64{1, 1, 10, 100}[dice.IntN(4)],
		crash: p(0.06), full: p(0.04),
		kill: p(0.2), backup: p(0.25), restore: p(0.12), clone: p(0.06), jump: p(0.1), lock: p(0.15), enrol: p(0.08), bad: p(0.15),
		restart: p(0.5), outage: p(0.3), centralCrash: p(0.4), centralBackup: p(0.6), centralRestore: p(0.4), revoke: p(0.2),
	}
	if dice.IntN(6) == 0 { // every device keeps its enrolment, and nothing is flawed
		drawn.restore, drawn.clone, drawn.enrol, drawn.revoke, drawn.bad = 0, 0, 0, 0, 0
		drawn.centralBackup, drawn.centralRestore = 0.5, 0.4
	}
	return drawn
}
