package delivery_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"parvis/internal/delivery"
)

const anID = "0197f3a2-9c10-7d01-8f00-00000000d001"

func TestADecisionIsReadOnlyWhereItIsWhole(t *testing.T) {
	t.Parallel()
	decide := func(kind delivery.DecisionKind, body, reason string) delivery.Decision {
		return delivery.Decision{ID: anID, Study: "mall", Kind: kind, Subject: "i1", Body: json.RawMessage(body), Reason: reason, MadeAt: 1, MadeBy: "ines"}
	}
	with := func(change func(*delivery.Decision)) delivery.Decision {
		d := decide(delivery.ReviewAccept, `{"revision":1}`, "")
		change(&d)
		return d
	}
	long := strings.Repeat("é", delivery.MostReason)
	for name, c := range map[string]struct {
		d    delivery.Decision
		good bool
	}{
		"accept":                    {decide(delivery.ReviewAccept, `{"revision":1}`, ""), true},
		"accept with what is newer": {decide(delivery.ReviewAccept, `{"revision":1,"mood":"good"}`, long), true},
		"no revision":               {decide(delivery.ReviewAccept, "", ""), false},
		"another body":              {decide(delivery.ReviewAccept, `[1]`, ""), false},
		"reject":                    {decide(delivery.ReviewReject, `{"revision":2}`, "made up"), true},
		"reject without why":        {decide(delivery.ReviewReject, `{"revision":2}`, " \n"), false},
		"a comment":                 {decide(delivery.ReviewComment, `{"revision":2}`, "hm"), true},
		"an empty comment":          {decide(delivery.ReviewComment, `{"revision":2}`, ""), false},
		"return":                    {decide(delivery.ReviewReturn, `{"revision":1,"message":"Please look at the age."}`, ""), true},
		"return without a message":  {decide(delivery.ReviewReturn, `{"revision":1,"message":" "}`, "x"), false},
		"return, a long message":    {decide(delivery.ReviewReturn, `{"revision":1,"message":"`+long+`x"}`, ""), false},
		"confirmed":                 {decide(delivery.BackCheck, `{"revision":1,"result":"confirmed"}`, ""), true},
		"no such result":            {decide(delivery.BackCheck, `{"revision":1,"result":"fine"}`, ""), false},
		"no id":                     {with(func(d *delivery.Decision) { d.ID = "" }), false},
		"not UUIDv7":                {with(func(d *delivery.Decision) { d.ID = "0197f3a2-9c10-4d01-8f00-00000000d001" }), false},
		"capitals":                  {with(func(d *delivery.Decision) { d.ID = strings.ToUpper(anID) }), false},
		"no study":                  {with(func(d *delivery.Decision) { d.Study = "" }), false},
		"no subject":                {with(func(d *delivery.Decision) { d.Subject = "" }), false},
		"no user":                   {with(func(d *delivery.Decision) { d.MadeBy = "" }), false},
		"no time":                   {with(func(d *delivery.Decision) { d.MadeAt = 0 }), false},
		"a reason too long":         {with(func(d *delivery.Decision) { d.Reason = long + "é" }), false},
		"a reason with a zero byte": {with(func(d *delivery.Decision) { d.Reason = "a\x00b" }), false},
	} {
		_, err := c.d.Read()
		var words delivery.InvalidDecision
		if (err == nil) != c.good || err != nil && !errors.As(err, &words) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := decide("no_such_kind", `{}`, "").Read(); !errors.Is(err, delivery.ErrUnknownDecision) {
		t.Errorf("%v", err)
	}
}

// Whoever reads the same decisions finds the same one last, in whatever order they came.
func TestDecisionsHaveOneOrder(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	var all []delivery.Order
	for range 200 {
		d := delivery.StoredDecision{Decision: delivery.Decision{ID: string(rune('a' + r.IntN(26))), MadeAt: r.Int64N(20)}, ReceivedAt: r.Int64N(20)}
		if o := d.Order(); o.At > d.ReceivedAt || o.At > d.MadeAt {
			t.Fatalf("%+v stands at %d", d, o.At)
		}
		all = append(all, d.Order())
	}
	last := func() (last delivery.Order) {
		for _, o := range all {
			if last.Before(o) {
				last = o
			}
		}
		return last
	}
	want := last()
	for range 20 {
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if got := last(); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
	if slices.ContainsFunc(all, func(o delivery.Order) bool { return o.Before(o) }) {
		t.Error("one overrules itself")
	}
}

func TestTheSumIsOfTheJSONWithoutWhiteSpace(t *testing.T) {
	t.Parallel()
	sum := func(text string) string {
		s, err := delivery.DecisionSum([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if sum(`{"a": "x y",`+"\n"+`"b":1}`) != sum(`{"a":"x y","b":1}`) || sum(`{"a":"x y"}`) == sum(`{"a":"x  y"}`) {
		t.Error("white space between members counts, or that within a text does not")
	}
	if _, err := delivery.DecisionSum([]byte(`{"a"`)); err == nil {
		t.Error("no JSON has a sum")
	}
}

func TestAnInterviewSentBackIsOpenOnceItWasCorrected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		state           delivery.ReviewState
		decided, newest int
		want            delivery.ReviewState
	}{
		{"", 0, 1, delivery.ReviewOpen},
		{delivery.ReviewReturned, 1, 1, delivery.ReviewReturned},
		{delivery.ReviewReturned, 1, 2, delivery.ReviewOpen},
		{delivery.ReviewRejected, 1, 2, delivery.ReviewRejected},
		{delivery.ReviewAccepted, 1, 2, delivery.ReviewAccepted},
	} {
		if got := delivery.StateNow(c.state, c.decided, c.newest); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
