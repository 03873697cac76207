package centralstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
)

// supervisor is a person of mall with a scope.
func supervisor(name string, g Grant) Principal {
	g.Role, g.Study = Supervisor, "mall"
	return Principal{User: name, Grants: []Grant{g}}
}

// decision makes one of a person about an interview, now.
func (c *central) decision(who Principal, kind delivery.DecisionKind, subject string, body any) delivery.Decision {
	said, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return delivery.Decision{
		ID: uuid.Must(uuid.NewV7()).String(), Study: "mall", Kind: kind, Subject: subject, Body: said, Reason: "seen", MadeAt: c.clock.Load(), MadeBy: who.User,
	}
}

func (c *central) decide(t testing.TB, who Principal, all ...delivery.Decision) []delivery.DecisionReceipt {
	t.Helper()
	raw := make([]json.RawMessage, len(all))
	for i, d := range all {
		body, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		raw[i] = body
	}
	receipts, err := c.Decide(context.Background(), who, "mall", raw)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range receipts {
		if r.ID != all[i].ID {
			t.Fatalf("receipt %d is for %s", i, r.ID)
		}
	}
	return receipts
}

// mustDecide wants each applied.
func (c *central) mustDecide(t testing.TB, who Principal, all ...delivery.Decision) {
	t.Helper()
	for _, r := range c.decide(t, who, all...) {
		if r.Status != delivery.DecisionApplied {
			t.Fatalf("%+v", r)
		}
	}
}

func (c *central) review(t testing.TB, id string) (found Review) {
	t.Helper()
	list, err := c.Reviews(context.Background(), supervisor("any", Grant{}), "mall")
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range list {
		if r.Record == id {
			found = r
		}
	}
	return found
}

func rev(n int) delivery.Review { return delivery.Review{Revision: n} }

func TestEveryKindIsDecidedAtCentral(t *testing.T) {
	c := newCentral(t)
	for kind := range c.insides().deciders() {
		if _, err := (delivery.Decision{ID: uuid.Must(uuid.NewV7()).String(), Study: "mall", Kind: kind, Subject: subjectOf(kind), MadeAt: 1, MadeBy: "u",
			Body: []byte(`{"revision":1,"message":"m","result":"minor","aims":{"men":{"target":1}},"days":[{"interviewer":"0417","date":"2026-11-30"}]}`), Reason: "r"}).Read(); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// subjectOf is what decisions of a kind are about, where they have one subject.
func subjectOf(kind delivery.DecisionKind) string {
	if kind == delivery.Assignments {
		return delivery.PlanSubject
	}
	return delivery.SteeringSubject
}

func TestADecisionIsDoneOnce(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	north := d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, north)
	ines := supervisor("ines", Grant{})
	reject := c.decision(ines, delivery.ReviewReject, north.ID, rev(1))
	c.mustDecide(t, ines, reject)
	if got := c.review(t, north.ID); got.State != delivery.ReviewRejected || got.Site != "north" || got.Interviewer != "0417" || got.Newest != 1 {
		t.Errorf("%+v", got)
	}
	if got := c.decide(t, ines, reject, reject); got[0].Status != delivery.DecisionDuplicate || got[1].Status != delivery.DecisionDuplicate {
		t.Errorf("%+v", got)
	}
	spaced, err := json.MarshalIndent(reject, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := c.Decide(ctx, ines, "mall", []json.RawMessage{spaced}); err != nil || got[0].Status != delivery.DecisionDuplicate {
		t.Errorf("written with spaces: %+v %v", got, err)
	}
	other := reject
	other.Kind = delivery.ReviewAccept
	if got := c.decide(t, ines, other); got[0].Code != delivery.DecisionConflict || got[0].Retryable {
		t.Errorf("other bytes: %+v", got)
	}
	if got := c.review(t, north.ID); got.State != delivery.ReviewRejected {
		t.Errorf("%+v", got)
	}
	lines, err := c.Audit(ctx, 100)
	if err != nil {
		t.Fatal(err)
	}
	var noted []string
	for _, l := range lines {
		if l.Action == "decided" {
			noted = append(noted, fmt.Sprint(l.Actor, " ", l.Study, " ", l.Subject, " ", l.Details))
		}
	}
	if diff := cmp.Diff([]string{"user:ines mall subject:" + north.ID + " review_reject: open -> rejected"}, noted); diff != "" {
		t.Error(diff)
	}
}

func TestWhoMayDecideWhat(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	d := c.device(t, "0417", "mall")
	north, south, contact := d.record(t, delivery.KindInterview, "mall", "north"), d.record(t, delivery.KindInterview, "mall", "south"), d.record(t, delivery.KindContact, "mall", "north")
	c.push(t, d, north, south, contact)
	all, site, region := supervisor("p", Grant{}), supervisor("p", Grant{Site: "north"}), supervisor("p", Grant{Region: "s"})
	accept := func(id string) delivery.Decision { return c.decision(all, delivery.ReviewAccept, id, rev(1)) }
	with := func(change func(*delivery.Decision)) delivery.Decision {
		one := accept(north.ID)
		change(&one)
		return one
	}
	for name, tc := range map[string]struct {
		who  Principal
		d    delivery.Decision
		want delivery.DecisionCode
	}{
		"the whole study":    {all, accept(south.ID), ""},
		"a site":             {site, accept(north.ID), ""},
		"a region":           {region, accept(south.ID), ""},
		"another site":       {site, accept(south.ID), delivery.DecisionNoSubject},
		"another region":     {region, accept(north.ID), delivery.DecisionNoSubject},
		"no such interview":  {all, accept(uuid.NewString()), delivery.DecisionNoSubject},
		"a contact":          {all, accept(contact.ID), delivery.DecisionNoSubject},
		"as somebody else":   {all, with(func(d *delivery.Decision) { d.MadeBy = "q" }), delivery.DecisionForbidden},
		"of another study":   {all, with(func(d *delivery.Decision) { d.Study = "fair" }), delivery.DecisionInvalid},
		"no reason":          {all, with(func(d *delivery.Decision) { d.Kind, d.Reason = delivery.ReviewReject, "" }), delivery.DecisionInvalid},
		"of a later version": {all, with(func(d *delivery.Decision) { d.Kind = "moon_landing" }), delivery.DecisionUnknown},
		"longer than may be": {all, with(func(d *delivery.Decision) {
			d.Body = []byte(`{"revision":1,"x":"` + strings.Repeat("x", delivery.MostDecision) + `"}`)
		}), delivery.DecisionInvalid},
		"a name no store can keep": {all, with(func(d *delivery.Decision) { d.Subject = "a\x00" }), delivery.DecisionInvalid},
	} {
		got := c.decide(t, tc.who, tc.d)[0]
		if got.Code != tc.want || (got.Status == delivery.DecisionApplied) != (tc.want == "") || (got.Reason == "") != (tc.want == "") {
			t.Errorf("%s: %+v", name, got)
		}
		if later := tc.want == delivery.DecisionNoSubject || tc.want == delivery.DecisionUnknown; got.Retryable != later {
			t.Errorf("%s: retryable %v", name, got.Retryable)
		}
	}
	for name, tc := range map[string]struct {
		who   Principal
		study string
		want  ErrorCode
	}{
		"viewer":          {Principal{User: "v", Grants: []Grant{{Role: Viewer}}}, "mall", Forbidden},
		"of another":      {supervisor("p", Grant{}), "fair", NotFound},
		"no such study":   {Principal{User: "a", Grants: []Grant{{Role: Administrator}}}, "moon", NotFound},
		"a device":        {d.Principal, "mall", NotFound},
		"nobody, reviews": {Principal{User: "n"}, "mall", NotFound},
	} {
		if _, err := c.Decide(ctx, tc.who, tc.study, nil); CodeOf(err) != tc.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	// one that is refused holds up none beside it
	got := c.decide(t, all, accept(uuid.NewString()), accept(north.ID), with(func(d *delivery.Decision) { d.MadeAt = 0 }), accept(north.ID))
	if got[0].Status != delivery.DecisionRefused || got[1].Status != delivery.DecisionApplied || got[2].Status != delivery.DecisionRefused || got[3].Status != delivery.DecisionApplied {
		t.Errorf("%+v", got)
	}
}

// Decisions of two laptops that were offline are done in any order, by any number of hands at once, and end the same.
func TestTheLastDecisionStandsInWhateverOrderTheyCome(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	a, b := supervisor("a", Grant{}), supervisor("b", Grant{})
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	kinds := []delivery.DecisionKind{delivery.ReviewAccept, delivery.ReviewReject, delivery.ReviewReturn, delivery.ReviewComment, delivery.BackCheck}
	c.pass(time.Hour) // so that all were made before they come
	for range 5 {
		record := d.record(t, delivery.KindInterview, "mall", "north")
		c.push(t, d, record)
		var all []delivery.Decision
		for range 8 {
			who := []Principal{a, b}[r.IntN(2)]
			one := c.decision(who, kinds[r.IntN(len(kinds))], record.ID, delivery.Return{Review: rev(1), Message: "m"})
			if one.Kind == delivery.BackCheck {
				one.Body = json.RawMessage(`{"revision":1,"result":"` + string(delivery.BackCheckResults()[r.IntN(4)]) + `"}`)
			}
			one.MadeAt -= r.Int64N(5)
			all = append(all, one)
		}
		var want Review
		var last, called delivery.Order
		for _, one := range all {
			at := delivery.StoredDecision{Decision: one, ReceivedAt: c.clock.Load()}.Order()
			if state := delivery.StateAfter(one.Kind); state != "" && last.Before(at) {
				last, want.State = at, state
			}
			if one.Kind == delivery.BackCheck && called.Before(at) {
				var said delivery.BackChecked
				if err := json.Unmarshal(one.Body, &said); err != nil {
					t.Fatal(err)
				}
				called, want.BackCheck = at, said.Result
			}
		}
		if want.State == "" {
			want.State = delivery.ReviewOpen
		}
		var hands sync.WaitGroup
		for _, one := range all {
			hands.Go(func() {
				who := a
				if one.MadeBy == "b" {
					who = b
				}
				c.decide(t, who, one)
			})
		}
		hands.Wait()
		if got := c.review(t, record.ID); got.State != want.State && last.ID != "" || got.BackCheck != want.BackCheck {
			t.Errorf("%+v, want %s and %q", got, want.State, want.BackCheck)
		}
	}
}

// A clock that runs ahead has not the last word for ever.
func TestAClockAheadIsHeldToWhenCentralHeard(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	record := d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, record)
	a, b := supervisor("a", Grant{}), supervisor("b", Grant{})
	ahead := c.decision(a, delivery.ReviewAccept, record.ID, rev(1))
	ahead.MadeAt += 24 * time.Hour.Milliseconds()
	c.mustDecide(t, a, ahead)
	c.pass(time.Minute)
	c.mustDecide(t, b, c.decision(b, delivery.ReviewReject, record.ID, rev(1)))
	if got := c.review(t, record.ID); got.State != delivery.ReviewRejected {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsSentBackReachesTheInterviewerAndOpensAgain(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d, other := c.device(t, "0417", "mall"), c.device(t, "0512", "mall")
	record := d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, record)
	ines := supervisor("ines", Grant{Site: "north"})
	back := c.decision(ines, delivery.ReviewReturn, record.ID, delivery.Return{Review: rev(1), Message: " Is the age right? "})
	c.mustDecide(t, ines, back)
	c.decide(t, ines, back) // again: no second message
	read := func(who Principal) (list []delivery.Message) {
		entries, _ := c.all(t, PullQuery{Who: who, Limit: 3, Bytes: 1 << 20})
		for _, e := range entries {
			if e.Decision != nil && who.IsDevice() {
				t.Errorf("a device is told what was decided: %s", e.Decision)
			}
			if e.Message == nil {
				continue
			}
			var m delivery.Message
			if err := json.Unmarshal(e.Message, &m); err != nil {
				t.Fatal(err)
			}
			list = append(list, m)
		}
		return list
	}
	mine := read(d.Principal)
	if len(mine) != 1 || mine[0].Text != "Is the age right?" || mine[0].Interview != record.ID || mine[0].From != "ines" || mine[0].Interviewer != "0417" {
		t.Fatalf("%+v", mine)
	}
	if got := read(other.Principal); len(got) != 0 {
		t.Errorf("another interviewer reads %+v", got)
	}
	if got := c.review(t, record.ID); got.State != delivery.ReviewReturned {
		t.Errorf("%+v", got)
	}
	d.seq++
	again := d.with(t, delivery.Record{ID: record.ID, Kind: delivery.KindInterview, Revision: 2, Study: "mall", Epoch: d.Epoch, Seq: d.seq},
		interview.Interview{ID: record.ID, Study: "mall", Site: "north", Disposition: interview.Complete, Answers: "<data/>", Started: interview.Moment{UTC: 1}})
	c.push(t, d, again)
	if got := c.review(t, record.ID); got.State != delivery.ReviewOpen || got.Newest != 2 {
		t.Errorf("corrected: %+v", got)
	}
	c.pass(time.Second)
	c.mustDecide(t, ines, c.decision(ines, delivery.ReviewAccept, record.ID, rev(2)))
	late := c.decision(ines, delivery.ReviewReturn, record.ID, delivery.Return{Review: rev(1), Message: "Too late"})
	late.MadeAt = start.UnixMilli()
	c.mustDecide(t, ines, late)
	if got := c.review(t, record.ID); got.State != delivery.ReviewAccepted {
		t.Errorf("%+v", got)
	}
	if got := read(d.Principal); len(got) != 1 {
		t.Errorf("what was overruled reaches the interviewer: %+v", got)
	}
}

func TestDecisionsComeDownWithinTheScope(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	north, south := d.record(t, delivery.KindInterview, "mall", "north"), d.record(t, delivery.KindInterview, "mall", "south")
	c.push(t, d, north, south)
	all := supervisor("ines", Grant{})
	var inNorth, inSouth []string
	for i := range 7 {
		for _, id := range []string{north.ID, south.ID} {
			one := c.decision(all, delivery.ReviewComment, id, rev(1))
			one.Reason = fmt.Sprint("no. ", i)
			c.mustDecide(t, all, one)
			if id == north.ID {
				inNorth = append(inNorth, one.ID)
			} else {
				inSouth = append(inSouth, one.ID)
			}
		}
	}
	pulled := func(q PullQuery) (ids []string) {
		entries, end := c.all(t, q)
		for _, e := range entries {
			if e.Decision == nil {
				continue
			}
			var one delivery.StoredDecision
			if err := json.Unmarshal(e.Decision, &one); err != nil || one.ID != e.ID || one.ReceivedAt != c.clock.Load() || one.MadeBy != "ines" {
				t.Fatalf("%s %v", e.Decision, err)
			}
			ids = append(ids, one.ID)
		}
		q.Cursor = end
		if more, _ := c.all(t, q); len(more) > 0 {
			t.Errorf("the cursor at the end brings %d more", len(more))
		}
		slices.Sort(ids)
		return ids
	}
	both := append(slices.Clone(inNorth), inSouth...)
	slices.Sort(both)
	slices.Sort(inNorth)
	slices.Sort(inSouth)
	researcher := Principal{User: "rita", Grants: []Grant{{Role: Researcher, Study: "mall"}}}
	for name, tc := range map[string]struct {
		q    PullQuery
		want []string
	}{
		"the whole study": {PullQuery{Who: all}, both},
		"a site":          {PullQuery{Who: supervisor("x", Grant{Site: "north"})}, inNorth},
		"a region":        {PullQuery{Who: supervisor("x", Grant{Region: "s"})}, inSouth},
		"research":        {PullQuery{Who: researcher, Study: "mall"}, both},
		"interviews only": {PullQuery{Who: researcher, Study: "mall", Kind: delivery.KindInterview}, nil},
		"a device":        {PullQuery{Who: d.Principal}, nil},
		"a viewer":        {PullQuery{Who: Principal{User: "v", Grants: []Grant{{Role: Viewer}}}}, nil},
	} {
		for _, limit := range []int{1, 3, 100} {
			tc.q.Limit, tc.q.Bytes = limit, 1<<20
			if diff := cmp.Diff(tc.want, pulled(tc.q)); diff != "" {
				t.Errorf("%s, %d at once: %s", name, limit, diff)
			}
		}
	}
}

func TestDecisionsAreKept(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	record := d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, record)
	ines := supervisor("ines", Grant{})
	one := c.decision(ines, delivery.ReviewAccept, record.ID, rev(1))
	c.mustDecide(t, ines, one)
	statements := []string{`UPDATE decisions SET made_by = 'x'`, `DELETE FROM decisions`}
	if server != nil {
		statements = append(statements, `TRUNCATE decisions`)
	} else {
		statements = append(statements, `INSERT OR REPLACE INTO decisions SELECT * FROM decisions`)
	}
	for _, statement := range statements {
		if err := c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		}); err == nil {
			t.Errorf("%s was done", statement)
		}
	}
	if got := c.decide(t, ines, one)[0]; got.Status != delivery.DecisionDuplicate {
		t.Errorf("%+v", got)
	}
}

// Who accepts an interview for which there is no room is told so, and the decision is taken once there is.
func TestAnAcceptanceWaitsForRoom(t *testing.T) {
	c, sam := newCentral(t), supervisor("sam", Grant{})
	c.quotaStudy(t, "mall", 0, 1)
	d := c.device(t, "0417", "mall")
	r := d.completed(t, "men", false)
	c.push(t, d, r)
	accept := c.decision(sam, delivery.ReviewAccept, r.ID, rev(1))
	if got := c.decide(t, sam, accept)[0]; got.Code != delivery.DecisionNoRoom || !got.Retryable {
		t.Fatalf("%+v", got)
	}
	if f := c.filed(t, r.ID); !f.Provisional() || c.review(t, r.ID).State == delivery.ReviewAccepted {
		t.Errorf("%+v, %+v", f, c.review(t, r.ID))
	}
	c.pass(time.Second)
	c.mustDecide(t, sam, c.steer(sam, map[string]delivery.Aim{"men": {Target: 1}}))
	c.mustDecide(t, sam, accept)
	if f := c.filed(t, r.ID); f.Provisional() || c.review(t, r.ID).State != delivery.ReviewAccepted {
		t.Errorf("%+v, %+v", f, c.review(t, r.ID))
	}
}

// A quota that a newer workbook dropped keeps nobody from accepting an interview.
func TestAcceptingAfterTheWorkbookDroppedTheQuota(t *testing.T) {
	c, sam := newCentral(t), supervisor("sam", Grant{})
	c.quotaStudy(t, "mall", 3, 1)
	d := c.device(t, "0417", "mall")
	r := d.completed(t, "men", false)
	c.push(t, d, r)
	pkg := c.study(t, "mall")
	pkg.Study.Quotas = []study.Quota{{Name: "women", Target: 1, Kind: study.Hard}}
	if _, err := c.PutStudy(context.Background(), pkg); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Second)
	c.mustDecide(t, sam, c.decision(sam, delivery.ReviewAccept, r.ID, rev(1)))
	if f := c.filed(t, r.ID); f.Provisional() {
		t.Errorf("%+v", f)
	}
}

// An interview without a right that was rejected and then sent back waits on for somebody to accept it.
func TestSendingBackIsNoAcceptance(t *testing.T) {
	c, sam := newCentral(t), supervisor("sam", Grant{})
	c.quotaStudy(t, "mall", 3, 1)
	d := c.device(t, "0417", "mall")
	r := d.completed(t, "men", false)
	c.push(t, d, r)
	c.mustDecide(t, sam, c.decision(sam, delivery.ReviewReject, r.ID, rev(1)))
	c.pass(time.Second)
	c.mustDecide(t, sam, c.decision(sam, delivery.ReviewReturn, r.ID, delivery.Return{Review: rev(1), Message: "again"}))
	if f := c.filed(t, r.ID); !f.Provisional() {
		t.Errorf("%+v", f)
	}
}
