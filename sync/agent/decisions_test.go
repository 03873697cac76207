package agent_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
	"parvis/internal/interview"
	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// laptop is a supervisor's real store with the agent over a network that a test spoils.
type reviewer struct {
	*desk.Store
	agent *agent.Agent
	net   *network
}

func newReviewer(t *testing.T, c *central, user string, g centralstore.Grant) *reviewer {
	t.Helper()
	ctx := context.Background()
	g.Role = centralstore.Supervisor
	const password = "a long enough password"
	if err := c.store.AddUser(ctx, centralstore.NewUser{Name: user, Password: password, Grants: []centralstore.Grant{g}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	s, err := desk.Open(ctx, desk.Params{Path: filepath.Join(t.TempDir(), "desk.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	l := &reviewer{Store: s, net: newNetwork(t)}
	if l.agent, err = agent.New(agent.Params{Store: s, Decisions: s, Quotas: s, Plans: s, Transport: l.net, AppVersion: "1", Now: time.Now}); err != nil {
		t.Fatal(err)
	}
	if _, err := l.agent.SignIn(ctx, c.url(), user, password); err != nil {
		t.Fatal(err)
	}
	l.sync(t)
	return l
}

func (l *reviewer) sync(t *testing.T) agent.Report {
	t.Helper()
	report, err := l.agent.Sync(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func (l *reviewer) decide(t *testing.T, kind delivery.DecisionKind, id, reason string) delivery.Decision {
	t.Helper()
	d, err := l.Decide(context.Background(), delivery.Decision{
		Study: "visit", Kind: kind, Subject: id, Body: json.RawMessage(`{"revision":1,"message":"Please look again"}`), Reason: reason,
	})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// state is how far a decision has got, "" where it is not here.
func (l *reviewer) state(t *testing.T, d delivery.Decision) desk.DecisionState {
	t.Helper()
	list, err := l.Decisions(context.Background(), d.Study, d.Subject)
	if err != nil {
		t.Fatal(err)
	}
	for _, have := range list {
		if have.ID == d.ID {
			return have.State
		}
	}
	return ""
}

func (l *reviewer) review(t *testing.T, id string) delivery.ReviewState {
	t.Helper()
	rows, err := l.Interviews(context.Background(), desk.Filter{Study: "visit"})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.ID == id {
			return r.Review
		}
	}
	return "not here"
}

// interviewed puts interviews at a site into central; it returns their ids.
func (c *central) interviewed(t *testing.T, d *device, site string, count int) (ids []string) {
	t.Helper()
	ctx := context.Background()
	who, err := d.Enrolment(ctx)
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.store.Authenticate(ctx, who.Token)
	if err != nil {
		t.Fatal(err)
	}
	var batch []delivery.Incoming
	for range count {
		id := uuid.Must(uuid.NewV7()).String()
		body, err := json.Marshal(interview.Interview{ID: id, Study: "visit", Site: site, Interviewer: "0417", Disposition: interview.Complete, Answers: "<data/>", Started: interview.MomentOf(time.Now())})
		if err != nil {
			t.Fatal(err)
		}
		c.seq++
		batch = append(batch, delivery.Incoming{Record: delivery.Record{
			ID: id, Kind: delivery.KindInterview, Revision: 1, Study: "visit", Epoch: p.Epoch, Seq: c.seq, SHA256: delivery.Sum(body), Body: body,
		}})
		ids = append(ids, id)
	}
	done, err := c.store.Push(ctx, centralstore.Push{Who: p, Records: batch, HighSeq: c.seq})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range done.Receipts {
		if r.Status != delivery.Received {
			t.Fatalf("%+v", r)
		}
	}
	return ids
}

// kept counts the decisions that central has.
func (c *central) kept(t *testing.T) (n int) {
	t.Helper()
	q := centralstore.PullQuery{Who: anyResearcher(), Study: "visit", Limit: 500, Bytes: 1 << 22}
	for {
		page, err := c.store.Pull(context.Background(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Entries {
			if e.Decision != nil {
				n++
			}
		}
		if q.Cursor = page.Cursor; !page.More {
			return n
		}
	}
}

func TestDecisionsReachCentralAndTheOtherLaptops(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	north, south := c.interviewed(t, d, "north", 1)[0], c.interviewed(t, d, "south", 1)[0]
	ines, otto := newReviewer(t, c, "ines", centralstore.Grant{}), newReviewer(t, c, "otto", centralstore.Grant{Study: "visit", Site: "south"})
	accept, back := ines.decide(t, delivery.ReviewAccept, north, ""), ines.decide(t, delivery.ReviewReturn, south, "")
	undone := ines.decide(t, delivery.ReviewComment, north, "never sent")
	if err := ines.Undo(t.Context(), undone.ID); err != nil {
		t.Fatal(err)
	}
	if report := ines.sync(t); report.Decided != 2 || report.DecisionsRefused != 0 {
		t.Errorf("%+v", report)
	}
	if ines.state(t, accept) != desk.Sent || ines.state(t, back) != desk.Sent {
		t.Error("what was sent does not say so")
	}
	if report := ines.sync(t); report.Decided != 0 {
		t.Errorf("again: %+v", report)
	}
	otto.sync(t)
	if otto.review(t, south) != delivery.ReviewReturned || otto.state(t, accept) != "" {
		t.Error("the other laptop sees too much or too little")
	}
	// it reaches the interviewer, and names the interview
	if _, err := d.agent.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	messages, err := d.Messages(t.Context())
	if err != nil || len(messages) != 1 || messages[0].Interview != south || messages[0].Text != "Please look again" {
		t.Errorf("%+v %v", messages, err)
	}
	// the other laptop overrules it, after what it has seen
	otto.decide(t, delivery.ReviewReject, south, "made up")
	otto.sync(t)
	ines.sync(t)
	if got := ines.review(t, south); got != delivery.ReviewRejected {
		t.Errorf("%s", got)
	}
	if n := c.kept(t); n != 3 {
		t.Errorf("central has %d decisions", n)
	}
}

func onDecisions(fault func(*http.Request, http.RoundTripper) (*http.Response, error)) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, next http.RoundTripper) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, protocol.PathDecisionsEnd) {
			return fault(r, next)
		}
		return next.RoundTrip(r)
	}
}

// says answers in central's place.
func says(status int, code protocol.Code) func(*http.Request, http.RoundTripper) (*http.Response, error) {
	return func(r *http.Request, _ http.RoundTripper) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Request: r, Header: http.Header{protocol.VersionHeader: {"1"}, "Content-Type": {protocol.ContentProblem}},
			Body: io.NopCloser(strings.NewReader(fmt.Sprintf(`{"title":"No.","status":%d,"code":%q}`, status, code))),
		}, nil
	}
}

func TestADecisionWhoseAnswerWasLostIsDoneOnce(t *testing.T) {
	for name, c := range map[string]struct {
		fault func(*http.Request, http.RoundTripper) (*http.Response, error)
		done  bool // central got it
		fixed bool // nobody knows here whether central got it: it cannot be undone
	}{
		"no connection":       {noConnection, false, true},
		"lost answer":         {lostAnswer, true, true},
		"answer cut":          {cutAnswer, true, true},
		"request cut":         {cutRequest, false, true},
		"central in trouble":  {says(http.StatusServiceUnavailable, protocol.CodeUnavailable), false, true},
		"asked too often":     {says(http.StatusTooManyRequests, protocol.CodeTooMany), false, false},
		"not allowed any way": {says(http.StatusForbidden, protocol.CodeForbidden), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			central := newCentral(t)
			d := newDevice(t, central)
			d.ready(t, central)
			id := central.interviewed(t, d, "north", 1)[0]
			l := newReviewer(t, central, "ines", centralstore.Grant{})
			reject := l.decide(t, delivery.ReviewReject, id, "made up")
			l.net.spoil(onDecisions(c.fault))
			if _, err := l.agent.Sync(t.Context()); err == nil {
				t.Fatal("it went well")
			}
			if got := central.kept(t); got != 0 != c.done {
				t.Errorf("central has %d", got)
			}
			if want := map[bool]desk.DecisionState{true: desk.InFlight, false: desk.Waiting}[c.fixed]; l.state(t, reject) != want {
				t.Errorf("%s, want %s", l.state(t, reject), want)
			}
			if c.fixed {
				if err := l.Undo(t.Context(), reject.ID); !errors.Is(err, desk.ErrSent) {
					t.Errorf("undone: %v", err)
				}
			}
			l.net.mend()
			// what central has comes back by the pull, before it would be sent again
			if report := l.sync(t); report.Decided == 1 == c.done {
				t.Errorf("%+v", report)
			}
			if central.kept(t) != 1 || l.state(t, reject) != desk.Sent || l.review(t, id) != delivery.ReviewRejected {
				t.Error("it was not done, or not once")
			}
		})
	}
}

// A laptop that could not pull what it sent, as when central was restored, sends it again, and central knows it.
func TestADecisionSentAgainIsADuplicate(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	id := c.interviewed(t, d, "north", 1)[0]
	l := newReviewer(t, c, "ines", centralstore.Grant{})
	reject := l.decide(t, delivery.ReviewReject, id, "made up")
	l.sync(t)
	if err := l.HeardCentral(t.Context(), "another"); err != nil {
		t.Fatal(err)
	}
	if l.state(t, reject) != desk.InFlight {
		t.Fatal(l.state(t, reject))
	}
	list, _, err := l.TakeDecisions(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	who, err := l.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client, err := agent.NewClient(agent.ClientParams{Central: who.Central, Token: who.Token, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	got, err := client.Decide(t.Context(), "visit", list)
	if err != nil || len(got.Receipts) != 1 || got.Receipts[0].Status != delivery.DecisionDuplicate {
		t.Errorf("%+v %v", got, err)
	}
	if c.kept(t) != 1 {
		t.Error("it was done twice")
	}
}

func TestWhatCentralRefusesHoldsNothingUp(t *testing.T) {
	c := newCentral(t)
	d := newDevice(t, c)
	d.ready(t, c)
	id := c.interviewed(t, d, "north", 1)[0]
	l := newReviewer(t, c, "ines", centralstore.Grant{})
	later := l.decide(t, delivery.ReviewAccept, uuid.NewString(), "")
	var all []delivery.Decision
	for range protocol.MaxDecisions + 20 {
		all = append(all, l.decide(t, delivery.ReviewComment, id, "r"))
	}
	elsewhere, err := l.Decide(t.Context(), delivery.Decision{Study: "moon", Kind: delivery.ReviewComment, Subject: id, Body: []byte(`{"revision":1}`), Reason: "r"})
	if err != nil {
		t.Fatal(err)
	}
	last := l.decide(t, delivery.ReviewAccept, id, "")
	report, err := l.agent.Sync(t.Context())
	if agent.ReasonOf(err) != agent.Refused {
		t.Errorf("a study that central has not: %v", err)
	}
	if report.Decided != len(all)+1 || report.DecisionsRefused != 1 {
		t.Errorf("%+v", report)
	}
	if l.state(t, later) != desk.Waiting || l.state(t, elsewhere) != desk.Waiting || l.state(t, last) != desk.Sent || c.kept(t) != len(all)+1 {
		t.Errorf("%s, %s, %s, %d", l.state(t, later), l.state(t, elsewhere), l.state(t, last), c.kept(t))
	}
}
