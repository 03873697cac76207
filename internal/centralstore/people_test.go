package centralstore

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"parvis/internal/delivery"
)

const password = "a long enough password"

func (c *central) user(t testing.TB, name string, grants ...Grant) {
	t.Helper()
	if err := c.AddUser(context.Background(), NewUser{Name: name, Password: password, Grants: grants, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
}

func TestSigningIn(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.study(t, "mall")
	c.user(t, "Rita", Grant{Role: Viewer, Study: "mall"}, Grant{Role: Researcher, Study: "mall"})
	for _, wrong := range [][2]string{{"rita", "another password"}, {"nobody", password}, {"rita", ""}, {"", ""}, {"rita' --", password}} {
		_, err := c.SignIn(ctx, SignIn{User: wrong[0], Password: wrong[1]})
		wantCode(t, err, BadPassword)
		if strings.Contains(err.Error(), wrong[0]) && wrong[0] != "" {
			t.Errorf("the refusal names the user: %v", err)
		}
	}
	issued, err := c.SignIn(ctx, SignIn{User: "RITA", Password: password})
	if err != nil || issued.Role != Researcher || issued.User != "rita" {
		t.Fatalf("%+v, %v", issued, err)
	}
	who, err := c.Authenticate(ctx, issued.Secret)
	if err != nil || who.User != "rita" || len(who.Grants) != 2 {
		t.Fatalf("%+v, %v", who, err)
	}
	c.pass(signedIn)
	_, err = c.Authenticate(ctx, issued.Secret)
	wantCode(t, err, Unauthorised)
	_, err = c.Authenticate(ctx, issued.Secret+"x")
	wantCode(t, err, Unauthorised)
}

func TestUsersAreCheckedWhenAdded(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	c.user(t, "rita", Grant{Role: Researcher, Study: "mall"})
	good := Grant{Role: Supervisor, Study: "mall"}
	for _, tc := range []struct {
		name string
		user NewUser
		code ErrorCode
	}{
		{"taken", NewUser{Name: "Rita", Password: password, Grants: []Grant{good}}, Exists},
		{"short password", NewUser{Name: "sam", Password: "short", Grants: []Grant{good}}, Invalid},
		{"endless password", NewUser{Name: "sam", Password: strings.Repeat("x", 1000), Grants: []Grant{good}}, Invalid},
		{"no name", NewUser{Password: password, Grants: []Grant{good}}, Invalid},
		{"a line in the name", NewUser{Name: "sam\nroot", Password: password, Grants: []Grant{good}}, Invalid},
		{"no role", NewUser{Name: "sam", Password: password}, Invalid},
		{"unknown role", NewUser{Name: "sam", Password: password, Grants: []Grant{{Role: "king"}}}, Invalid},
		{"unknown study", NewUser{Name: "sam", Password: password, Grants: []Grant{{Role: Supervisor, Study: "moon"}}}, NotFound},
		{"unknown site", NewUser{Name: "sam", Password: password, Grants: []Grant{{Role: Supervisor, Study: "mall", Site: "west"}}}, NotFound},
		{"unknown region", NewUser{Name: "sam", Password: password, Grants: []Grant{{Role: Supervisor, Study: "mall", Region: "w"}}}, NotFound},
		{"site without study", NewUser{Name: "sam", Password: password, Grants: []Grant{{Role: Supervisor, Site: "north"}}}, Invalid},
		{"region and site", NewUser{Name: "sam", Password: password, Grants: []Grant{{Role: Supervisor, Study: "mall", Region: "n", Site: "north"}}}, Invalid},
	} {
		t.Run(tc.name, func(t *testing.T) {
			wantCode(t, c.AddUser(context.Background(), tc.user), tc.code)
		})
	}
	// What was refused left nothing behind.
	c.user(t, "sam", good, Grant{Role: Supervisor, Study: "mall", Region: "s"}, Grant{Role: Supervisor, Study: "mall", Site: "north"})
}

func TestPasswordsKeepTheirCosts(t *testing.T) {
	c := newCentral(t)
	s, ctx := c.insides(), context.Background()
	s.p.Cost = usual()
	hash, err := s.hashPassword(ctx, password)
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatal(hash, err)
	}
	// A hash with other costs, as an earlier or later version may store: from the tests of Argon2's reference implementation.
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if ok, err := s.checkPassword(ctx, reference, "password"); err != nil || !ok {
		t.Errorf("the reference vector: %v, %v", ok, err)
	}
	for name, h := range map[string]string{"another": reference, "none": ""} {
		if ok, err := s.checkPassword(ctx, h, password); err != nil || ok {
			t.Errorf("hash %s: %v, %v", name, ok, err)
		}
	}
	if _, err := s.checkPassword(ctx, "$1$md5", password); err == nil {
		t.Error("an unknown form of hash was taken")
	}
}

func TestACodeIsForOneDeviceAndATime(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.study(t, "mall")
	order := CodeOrder{Studies: []string{"mall"}, Interviewer: "0417", Valid: time.Hour, Actor: "test"}
	code, err := c.NewCode(ctx, order)
	if err != nil || len(code.Text) != 9 {
		t.Fatal(code, err)
	}
	typed := " " + strings.ToLower(strings.NewReplacer("-", " ", "5", "s", "8", "b", "2", "z").Replace(code.Text))
	given, err := c.Enrol(ctx, Enrolment{Code: typed})
	if err != nil || given.Interviewer != "0417" {
		t.Fatalf("typed %q for %s: %+v, %v", typed, code.Text, given, err)
	}
	late, err := c.NewCode(ctx, order)
	if err != nil {
		t.Fatal(err)
	}
	c.pass(time.Hour)
	for _, wrong := range []string{code.Text, late.Text, "", "2222-2222", "2222222", "ÄÄÄÄÄÄÄÄ", strings.Repeat("2", 10_000)} {
		_, err := c.Enrol(ctx, Enrolment{Code: wrong})
		wantCode(t, err, BadCode)
	}
	for _, bad := range []CodeOrder{
		{Studies: []string{"moon"}, Interviewer: "0417", Valid: time.Hour},
		{Studies: []string{"mall"}, Interviewer: "", Valid: time.Hour},
		{Studies: []string{"mall"}, Interviewer: "a\nb", Valid: time.Hour},
		{Interviewer: "0417", Valid: time.Hour},
		{Studies: []string{"mall"}, Interviewer: "0417"},
		{Studies: []string{"mall"}, Interviewer: "0417", Valid: 365 * 24 * time.Hour},
	} {
		if _, err := c.NewCode(ctx, bad); CodeOf(err) == "" {
			t.Errorf("%+v gave %v", bad, err)
		}
	}
}

// Tablets are interviewers', and so are cards: without one there is neither, and the refusal says what to do.
func TestTabletsAndCardsAreInterviewers(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	for _, nobody := range []string{"", "  ", "\t"} {
		_, err := c.NewCode(ctx, CodeOrder{Studies: []string{"mall"}, Interviewer: nobody, Valid: time.Hour, Actor: "test"})
		if CodeOf(err) != Invalid || !strings.Contains(err.Error(), "name the interviewer") || !strings.Contains(err.Error(), "laptop needs none") {
			t.Errorf("a code for %q: %v", nobody, err)
		}
		err = c.SetCard(ctx, CardOrder{Card: delivery.Card{Interviewer: nobody, Name: "Sam"}, Actor: "test"})
		if CodeOf(err) != Invalid || !strings.Contains(err.Error(), "name the interviewer") {
			t.Errorf("a card for %q: %v", nobody, err)
		}
	}
	if list, err := c.CodesOf(ctx, supervisor("any", Grant{}), "mall"); err != nil || len(list) != 0 {
		t.Errorf("%+v, %v", list, err)
	}
}

// What only tablets have is not asked of a supervisor's laptop, which goes on as it was.
func TestALaptopIsNeitherErasedNorUnlocked(t *testing.T) {
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.settles(t, newLaptop("ines"))
	list, err := c.DevicesOf(ctx, supervisor("any", Grant{}), "mall")
	if err != nil || len(list) != 1 {
		t.Fatalf("%+v, %v", list, err)
	}
	if err := c.EraseDevice(ctx, list[0].Device, "host"); CodeOf(err) != Invalid || !strings.Contains(err.Error(), "revoke it") {
		t.Errorf("erased: %v", err)
	}
	if code, err := c.RecoveryCode(ctx, list[0].Device, "host"); CodeOf(err) != Invalid || code != "" {
		t.Errorf("unlocked with %q: %v", code, err)
	}
	after, err := c.DevicesOf(ctx, supervisor("any", Grant{}), "mall")
	if err != nil || len(after) != 1 || after[0].Revoked {
		t.Errorf("%+v, %v", after, err)
	}
	if err := c.RevokeDevice(ctx, list[0].Device, "host"); err != nil {
		t.Error(err)
	}
}

// Two devices that type the same code at the same moment: one enrols.
func TestACodeWorksOnceUnderARace(t *testing.T) {
	c := newCentral(t)
	c.study(t, "mall")
	code, err := c.NewCode(context.Background(), CodeOrder{Studies: []string{"mall"}, Interviewer: "0417", Valid: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	second := c.open(t)
	results := make(chan error, 6)
	var wg sync.WaitGroup
	for i := range cap(results) {
		wg.Go(func() {
			_, err := []Store{c.Store, second}[i%2].Enrol(context.Background(), Enrolment{Code: code.Text})
			results <- err
		})
	}
	wg.Wait()
	close(results)
	enrolled := 0
	for err := range results {
		if err == nil {
			enrolled++
			continue
		}
		wantCode(t, err, BadCode)
	}
	if enrolled != 1 {
		t.Errorf("%d devices enrolled with one code", enrolled)
	}
}

func TestADeviceThatEnrolsAgainStaysItself(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	unsent := d.record(t, "interview", "mall", "north")
	if err := c.RevokeDevice(ctx, d.Device, "test"); err != nil {
		t.Fatal(err)
	}
	_, err := c.Authenticate(ctx, d.secret)
	wantCode(t, err, Revoked)
	again := c.enrolled(t, "0999", d.secret, "mall")
	if again.Device != d.Device || again.Epoch == d.Epoch {
		t.Fatalf("before %+v, after %+v", d.Principal, again.Principal)
	}
	_, err = c.Authenticate(ctx, d.secret)
	wantCode(t, err, Revoked)
	if got := statuses(c.push(t, again, unsent)); got[0] != "received" {
		t.Errorf("what it had not sent: %v", got)
	}
	entries, _ := c.all(t, PullQuery{Who: researcher("mall"), Study: "mall", Limit: 10, Bytes: 1 << 20})
	if got := entries[1].Record.Interviewer; got != "0417" {
		t.Errorf("the interview is %s's, it was made by 0417", got)
	}
	stranger := c.enrolled(t, "0417", "pvd_of-someone-else", "mall")
	if stranger.Device == d.Device {
		t.Error("a wrong token before took over the device")
	}
	wantCode(t, c.RevokeDevice(ctx, "nobody", "test"), NotFound)
}

func TestNoSecretIsInTheFiles(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	c.user(t, "rita", Grant{Role: Researcher})
	signed, err := c.SignIn(ctx, SignIn{User: "rita", Password: password})
	if err != nil {
		t.Fatal(err)
	}
	code, err := c.NewCode(ctx, CodeOrder{Studies: []string{"mall"}, Interviewer: "0417", Valid: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	for path, data := range c.bytes(t) {
		for _, secret := range []string{d.secret, signed.Secret, password, code.Text, strings.ReplaceAll(code.Text, "-", "")} {
			if bytes.Contains(data, []byte(secret)) {
				t.Errorf("%s holds %.4s...", path, secret)
			}
		}
	}
}

func TestTokensForTheCommandLine(t *testing.T) {
	c := newCentral(t)
	ctx := context.Background()
	c.user(t, "rita", Grant{Role: Researcher})
	issued, err := c.IssueToken(ctx, "rita", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	if who, err := c.Authenticate(ctx, issued.Secret); err != nil || who.Role() != Researcher {
		t.Fatal(who, err)
	}
	_, err = c.IssueToken(ctx, "nobody", time.Hour)
	wantCode(t, err, NotFound)
	_, err = c.IssueToken(ctx, "rita", 0)
	wantCode(t, err, Invalid)
	log, err := c.Audit(ctx, 10)
	if err != nil || len(log) == 0 || log[0].Action != "token issued" || log[0].Actor != "user:rita" {
		t.Errorf("%+v, %v", log, err)
	}
}
