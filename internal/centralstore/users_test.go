package centralstore

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestAPasswordOrAUserThatEndsEndsTheirTokens(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.study(t, "mall")
	c.user(t, "rita", Grant{Role: Researcher})
	c.user(t, "sam", Grant{Role: Supervisor, Study: "mall"})
	signed := func(user string) string {
		t.Helper()
		issued, err := c.SignIn(ctx, SignIn{User: user, Password: password})
		if err != nil {
			t.Fatal(err)
		}
		return issued.Secret
	}
	rita, sam := signed("rita"), signed("sam")
	if err := c.SetPassword(ctx, "Rita", "another long password", "test"); err != nil {
		t.Fatal(err)
	}
	_, err := c.Authenticate(ctx, rita)
	wantCode(t, err, Revoked)
	_, err = c.SignIn(ctx, SignIn{User: "rita", Password: password})
	wantCode(t, err, BadPassword)
	if _, err := c.Authenticate(ctx, sam); err != nil {
		t.Errorf("somebody else's token: %v", err)
	}
	wantCode(t, c.SetPassword(ctx, "rita", "short", "test"), Invalid)
	wantCode(t, c.SetPassword(ctx, "nobody", "another long password", "test"), NotFound)

	if err := c.DisableUser(ctx, "sam", "test"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Authenticate(ctx, sam)
	wantCode(t, err, Revoked)
	_, err = c.SignIn(ctx, SignIn{User: "sam", Password: password})
	wantCode(t, err, BadPassword)
	_, err = c.IssueToken(ctx, "sam", time.Hour)
	wantCode(t, err, NotFound)
	if err := c.EnableUser(ctx, "sam", "test"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Authenticate(ctx, sam)
	wantCode(t, err, Revoked) // what was ended stays ended
	if _, err := c.Authenticate(ctx, signed("sam")); err != nil {
		t.Error(err)
	}
	wantCode(t, c.DisableUser(ctx, "nobody", "test"), NotFound)
}

// A token that is made with a password that was changed in the same moment must not outlive the change.
func TestATokenOfAnOldPasswordIsNotMade(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	c.user(t, "rita", Grant{Role: Researcher})
	_, err := c.insides().issue(context.Background(), TokenOrder{User: "rita", Valid: time.Hour}, "sign-in", "$argon2id$of another password")
	wantCode(t, err, BadPassword)
}

func TestRolesAreGrantedAndTakenAwayAtOnce(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	c.user(t, "rita", Grant{Role: Viewer, Study: "mall"})
	token, err := c.IssueToken(ctx, "rita", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	role := func() string {
		t.Helper()
		who, err := c.Authenticate(ctx, token.Secret)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, g := range who.Grants {
			all = append(all, string(g.Role)+"/"+g.Study+g.Region+g.Site)
		}
		return strings.Join(all, " ")
	}
	more := Grant{Role: Supervisor, Study: "fair", Site: "north"}
	if err := c.GrantRole(ctx, "RITA", more, "test"); err != nil {
		t.Fatal(err)
	}
	if got := role(); got != "supervisor/fairnorth viewer/mall" {
		t.Error(got)
	}
	if err := c.RevokeRole(ctx, "rita", Grant{Role: Viewer, Study: "mall"}, "test"); err != nil {
		t.Fatal(err)
	}
	if got := role(); got != "supervisor/fairnorth" {
		t.Error(got)
	}
	wantCode(t, c.RevokeRole(ctx, "rita", more, "test"), Invalid) // the last one
	wantCode(t, c.RevokeRole(ctx, "rita", Grant{Role: Supervisor, Study: "fair"}, "test"), NotFound)
	wantCode(t, c.GrantRole(ctx, "nobody", more, "test"), NotFound)
	wantCode(t, c.GrantRole(ctx, "rita", Grant{Role: "king"}, "test"), Invalid)
	wantCode(t, c.GrantRole(ctx, "rita", Grant{Role: Viewer, Study: "moon"}, "test"), NotFound)
	list, err := c.Users(ctx)
	if err != nil || len(list) != 1 || list[0].Name != "rita" || !list[0].Password || list[0].OneTime || list[0].Disabled || len(list[0].Grants) != 1 {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestATokenMayBeNarrower(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	c.user(t, "ada", Grant{Role: Administrator})
	c.user(t, "sam", Grant{Role: Supervisor, Study: "mall", Region: "s"}, Grant{Role: Viewer, Study: "fair"})
	for _, tc := range []struct {
		user   string
		within Grant
		want   string // "" for refused with Forbidden
	}{
		{"ada", Grant{}, "administrator/"},
		{"ada", Grant{Role: Researcher, Study: "mall"}, "researcher/mall"},
		{"ada", Grant{Study: "mall", Site: "north"}, "administrator/mall@north"},
		{"sam", Grant{Study: "mall"}, "supervisor/mall.s"},
		{"sam", Grant{Role: Viewer}, "viewer/fair viewer/mall.s"},
		{"sam", Grant{Study: "mall", Site: "south"}, "supervisor/mall@south"},
		{"sam", Grant{Study: "mall", Region: "s"}, "supervisor/mall.s"},
		{"sam", Grant{Study: "mall", Site: "north"}, ""},
		{"sam", Grant{Study: "mall", Region: "n"}, ""},
		{"sam", Grant{Role: Supervisor, Study: "fair"}, ""},
		{"sam", Grant{Role: Administrator}, ""},
	} {
		issued, err := c.NewToken(ctx, TokenOrder{User: tc.user, Valid: time.Hour, Within: tc.within, Actor: "test"})
		if tc.want == "" {
			wantCode(t, err, Forbidden)
			continue
		}
		if err != nil {
			t.Fatalf("%+v: %v", tc, err)
		}
		who, err := c.Authenticate(ctx, issued.Secret)
		if err != nil {
			t.Fatalf("%+v: %v", tc, err)
		}
		var got []string
		for _, g := range who.Grants {
			word := string(g.Role) + "/" + g.Study
			if g.Region != "" {
				word += "." + g.Region
			}
			if g.Site != "" {
				word += "@" + g.Site
			}
			got = append(got, word)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s within %+v: %v, want %s", tc.user, tc.within, got, tc.want)
		}
	}
	for _, bad := range []TokenOrder{
		{User: "ada", Valid: -1},
		{User: "ada", Valid: 2 * longestFor},
		{User: "ada", Valid: time.Hour, Note: "two\nlines"},
		{User: "ada", Valid: time.Hour, Within: Grant{Site: "north"}},
	} {
		_, err := c.NewToken(ctx, bad)
		wantCode(t, err, Invalid)
	}
	// A role that is taken away from the person is gone from the token: it never has more than its person.
	narrow, err := c.NewToken(ctx, TokenOrder{User: "sam", Valid: time.Hour, Within: Grant{Study: "mall"}})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.RevokeRole(ctx, "sam", Grant{Role: Supervisor, Study: "mall", Region: "s"}, "test"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Authenticate(ctx, narrow.Secret)
	wantCode(t, err, Revoked)
}

func TestTokensAreListedAndEnded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	c.user(t, "rita", Grant{Role: Researcher})
	issued, err := c.NewToken(ctx, TokenOrder{User: "rita", Valid: 48 * time.Hour, Note: "the nightly pull", Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	the := func() TokenState {
		t.Helper()
		list, err := c.Tokens(ctx, "RITA")
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		return list[0]
	}
	if got := the(); got.Used != 0 || got.Note != "the nightly pull" || len(got.ID) != tokenID || strings.Contains(issued.Secret, got.ID) {
		t.Errorf("%+v", got)
	}
	use := func() int64 {
		t.Helper()
		if _, err := c.Authenticate(ctx, issued.Secret); err != nil {
			t.Fatal(err)
		}
		return the().Used
	}
	first := use()
	if first != start.UnixMilli() {
		t.Error(first)
	}
	c.pass(59 * time.Minute)
	if got := use(); got != first {
		t.Errorf("the latest use was written after %d minutes", (got-first)/60_000)
	}
	c.pass(time.Minute)
	if got := use(); got != start.Add(time.Hour).UnixMilli() {
		t.Errorf("the latest use is %d", got)
	}
	id := the().ID
	if err := c.RevokeToken(ctx, id, "test"); err != nil {
		t.Fatal(err)
	}
	_, err = c.Authenticate(ctx, issued.Secret)
	wantCode(t, err, Revoked)
	for _, bad := range []string{id, "", "%", "' OR 1=1 --", strings.Repeat("0", tokenID)} {
		wantCode(t, c.RevokeToken(ctx, bad, "test"), NotFound)
	}
}

func TestSigningInWithAnOrganisation(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c := newCentral(t)
	if err := c.AddUser(ctx, NewUser{Name: "ines@example.org", NoPassword: true, Grants: []Grant{{Role: Viewer}}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	_, err := c.SignIn(ctx, SignIn{User: "ines@example.org"})
	wantCode(t, err, BadPassword)
	second := c.open(t) // every step may reach another central
	begun := OrganisationSignIn{State: "state", Browser: "cookie", Nonce: "nonce", Verifier: "v", Redirect: "http://127.0.0.1:9/", AppState: "a", Challenge: Challenge("the app's secret")}
	begin := func() {
		t.Helper()
		if err := c.BeginOrganisationSignIn(ctx, begun); err != nil {
			t.Fatal(err)
		}
	}
	begin()
	_, err = second.ResumeOrganisationSignIn(ctx, "state", "another browser's cookie")
	wantCode(t, err, Unauthorised)
	got, err := second.ResumeOrganisationSignIn(ctx, "state", "cookie")
	if err != nil || got.Nonce != "nonce" || got.Redirect != begun.Redirect || got.Challenge != begun.Challenge {
		t.Fatalf("%+v, %v", got, err)
	}
	_, err = c.ResumeOrganisationSignIn(ctx, "state", "cookie")
	wantCode(t, err, Unauthorised) // once
	begin()
	c.pass(signInTakes)
	_, err = c.ResumeOrganisationSignIn(ctx, "state", "cookie")
	wantCode(t, err, Unauthorised)

	grant := func() string {
		t.Helper()
		code, err := c.GrantOrganisationSignIn(ctx, "Ines@Example.org", got.Challenge)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	code := grant()
	issued, err := second.FinishOrganisationSignIn(ctx, code, "the app's secret")
	if err != nil || issued.User != "ines@example.org" || issued.Role != Viewer {
		t.Fatalf("%+v, %v", issued, err)
	}
	if who, err := c.Authenticate(ctx, issued.Secret); err != nil || who.User != "ines@example.org" {
		t.Error(who, err)
	}
	_, err = c.FinishOrganisationSignIn(ctx, code, "the app's secret")
	wantCode(t, err, Unauthorised) // once
	stolen := grant()
	_, err = c.FinishOrganisationSignIn(ctx, stolen, "a guess")
	wantCode(t, err, Unauthorised)
	_, err = c.FinishOrganisationSignIn(ctx, stolen, "the app's secret")
	wantCode(t, err, Unauthorised) // a wrong try has used it up
	late := grant()
	c.pass(codeTakes)
	_, err = c.FinishOrganisationSignIn(ctx, late, "the app's secret")
	wantCode(t, err, Unauthorised)
	_, err = c.GrantOrganisationSignIn(ctx, "stranger@example.org", got.Challenge)
	wantCode(t, err, NotFound)
	ended := grant()
	if err := c.DisableUser(ctx, "ines@example.org", "test"); err != nil {
		t.Fatal(err)
	}
	_, err = c.FinishOrganisationSignIn(ctx, ended, "the app's secret")
	wantCode(t, err, Unauthorised)
	_, err = c.GrantOrganisationSignIn(ctx, "ines@example.org", got.Challenge)
	wantCode(t, err, NotFound)
}
