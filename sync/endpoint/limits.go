package endpoint

import (
	"math"
	"net/http"
	"strconv"
	"time"

	"parvis/sync/protocol"
	"parvis/sync/protocol/guard"
)

// Limits are how much central takes at once and in a time. They guard against what goes wrong or means ill; none is met by a team
// of fifty devices and five supervisors behind one address, whatever it does. A zero member stands for its default.
type Limits struct {
	// Token is for each token. A device that empties a full outbox over a fast line makes some ten requests a second.
	Token Rate // 200 a second, 2,000 at once
	// Stranger is for each address, of calls that need no token, and again of calls without the right token that they need. Of a whole
	// team only enrolling counts, and what a monitor asks.
	Stranger Rate // 20 a second, 400 at once
	// Wrong is for each address, of wrong codes, and again of wrong passwords. A right one takes nothing off in the end, but each counts
	// while it is looked up, and fifty devices may enrol in the same instant.
	Wrong Rate // 10 a minute, 60 at once
	// WrongEverywhere is over all addresses together, of wrong codes, and again of wrong passwords: who has a million addresses
	// guesses no faster than this. A code has 8 of 27 letters, 2.8e11 in all. A thousand codes out at every moment of a month, and
	// this limit used up all that month: 2.6 million guesses, a chance of 1 in 100 that one of them hits; with fifty codes out, of
	// 1 in 2,000. While it is used up nobody enrols anew; who is enrolled does not notice.
	WrongEverywhere Rate // 1 a second, 300 at once

	// AtOnce is how many requests with one token are answered at the same time; the field app makes one.
	AtOnce int // 16
	// StrangersAtOnce is the same for calls that need no token, for each address: fifty devices may enrol in the same instant.
	StrangersAtOnce int // 64

	// BodyBytes is how much all JSON bodies and chunks together may take that are being read and worked on, inflated. Central needs
	// about thrice that at worst. Who is over it is asked to come again. Workbooks and hand-in files have room of their own.
	BodyBytes int64 // 384 MiB
	// StrangerBytes is the same for calls that need no token, so that nobody without one uses up what the others need.
	StrangerBytes int64 // 8 MiB

	// Patience is how long central waits for a caller that stands still, and how much longer than its bytes take on the slowest line
	// it waits for any.
	Patience time.Duration // 1 minute

	// Connections is how many may be open. 0 takes three quarters of what the system allows this process, at most 16,384.
	Connections int
	// ConnectionsEach is the same for each address; it does not hold behind a proxy, whose address is everybody's. The field app
	// opens one.
	ConnectionsEach int // 512
}

// Rate is how much comes back in a second, and how much there is at most.
type Rate = guard.Rate

// complete fills in the defaults.
func (l Limits) complete() Limits {
	l.Token = l.Token.Or(Rate{PerSecond: 200, AtOnce: 2000})
	l.Stranger = l.Stranger.Or(Rate{PerSecond: 20, AtOnce: 400})
	l.Wrong = l.Wrong.Or(Rate{PerSecond: 10.0 / 60, AtOnce: 60})
	l.WrongEverywhere = l.WrongEverywhere.Or(Rate{PerSecond: 1, AtOnce: 300})
	l.AtOnce = or(l.AtOnce, 16)
	l.StrangersAtOnce = or(l.StrangersAtOnce, 64)
	l.BodyBytes = or(l.BodyBytes, 384<<20)
	l.StrangerBytes = or(l.StrangerBytes, 8<<20)
	l.ConnectionsEach = or(l.ConnectionsEach, 512)
	l.Patience = or(l.Patience, time.Minute)
	if l.Connections == 0 {
		l.Connections = openFiles() / 4 * 3
	}
	return l
}

func or[T int | int64 | time.Duration](n, usual T) T {
	if n == 0 {
		return usual
	}
	return n
}

// busyWait is when to come again to a central that has its hands full.
const busyWait = 2 * time.Second

// wait asks to come again later.
func (c *call) wait(wait time.Duration, title string) error {
	c.w.Header().Set("Retry-After", strconv.Itoa(max(1, int(math.Ceil(wait.Seconds())))))
	return problem(http.StatusTooManyRequests, protocol.CodeTooMany, title+" Please wait a moment.")
}
