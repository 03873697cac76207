package endpoint_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parvis/internal/centralstore"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// caller is one kind of principal with its scope.
type caller struct {
	name   string
	header string // Authorization
	code   string // what a token that is no longer right is told; "" for a right one
	device string // the study of a device
	grant  centralstore.Grant
}

// callers are nobody, tokens that are none or no longer, two devices, and every role with every scope.
func (w *world) callers(t *testing.T) []caller {
	ended := w.device(t, "mall")
	if err := w.store.RevokeDevice(context.Background(), ended.Device, "test"); err != nil {
		t.Fatal(err)
	}
	erased := w.device(t, "mall")
	if err := w.store.EraseDevice(context.Background(), erased.Device, "test"); err != nil {
		t.Fatal(err)
	}
	w.person(t, "late", centralstore.Grant{Role: centralstore.Administrator})
	expired, err := w.store.IssueToken(context.Background(), "late", time.Nanosecond)
	if err != nil {
		t.Fatal(err)
	}
	all := []caller{
		{name: "nobody", code: "unauthorised"},
		{name: "an empty token", header: "Bearer ", code: "unauthorised"},
		{name: "another scheme", header: "Basic " + w.inMall.Token, code: "unauthorised"},
		{name: "a made-up token", header: "Bearer pvu_0000", code: "unauthorised"},
		{name: "an expired token", header: "Bearer " + expired.Secret, code: "unauthorised"},
		{name: "a revoked device", header: "Bearer " + ended.Token, code: "revoked"},
		{name: "an erased device", header: "Bearer " + erased.Token, code: "erase"},
		{name: "a device of mall", header: "Bearer " + w.inMall.Token, device: "mall"},
		{name: "a device of fair", header: "Bearer " + w.inFair.Token, device: "fair"},
	}
	for _, role := range centralstore.Roles() {
		for _, scope := range []centralstore.Grant{
			{}, {Study: "mall"}, {Study: "fair"}, {Study: "mall", Region: "n"}, {Study: "mall", Region: "s"}, {Study: "mall", Site: "north"}, {Study: "mall", Site: "south"},
		} {
			scope.Role = role
			name := fmt.Sprintf("%s.%s%s%s", role, cmp.Or(scope.Study, "everywhere"), scope.Region, scope.Site)
			all = append(all, caller{name: name, header: "Bearer " + w.person(t, name, scope), grant: scope})
		}
	}
	return all
}

// sees tells whether the caller may know that a study exists.
func (c caller) sees(study string) bool {
	return c.device == study || c.grant.Role != "" && (c.grant.Study == "" || c.grant.Study == study)
}

// may is what a declaration lets the caller do with something of a study, at its site north.
func (c caller) may(d endpoint.Declaration, study string) bool {
	if d.Anyone {
		return true
	}
	if c.device != "" {
		return d.Device && (d.Within == "" || c.device == study)
	}
	order := centralstore.Roles()
	if c.grant.Role == "" || d.Least == "" || slices.Index(order, c.grant.Role) > slices.Index(order, d.Least) {
		return false
	}
	switch d.Within {
	case "":
		return true
	case "study":
		return c.sees(study)
	case "place":
		return c.sees(study) && c.grant.Region != "s" && c.grant.Site != "south"
	case "whole study":
		return c.sees(study) && c.grant.Region == "" && c.grant.Site == ""
	}
	panic("the test does not know the scope " + d.Within)
}

// Every route, as every kind of caller, for what is in mall, in fair and nowhere: who may is answered, and only with what is in its
// scope; who may not learns nothing, not even whether there is such a thing.
func TestEveryRouteForEveryCaller(t *testing.T) {
	w := newWorld(t)
	samples, callers := w.samples(t), w.callers(t)
	var calls int
	for _, d := range w.endpoint.Declarations() {
		name := d.Method + " " + d.Path
		sample, ok := samples[name]
		if !ok {
			t.Errorf("%s has no sample request here: write one, so that every kind of caller is tried on it", name)
			continue
		}
		if !d.Declared {
			t.Errorf("%s does not declare who may call it", name)
		}
		delete(samples, name)
		t.Run(name, func(t *testing.T) {
			for _, c := range callers {
				absent := w.try(t, c, sample("moon"))
				for _, study := range []string{"mall", "fair"} {
					calls++
					got := w.try(t, c, sample(study))
					switch {
					case c.code != "" && !d.Anyone:
						if got.status != http.StatusUnauthorized || string(got.problem(t).Code) != c.code {
							t.Errorf("%s, %s: %s", c.name, study, describe(got))
						}
					case c.may(d, study):
						if got.status/100 != 2 {
							t.Errorf("%s, %s: refused: %s", c.name, study, describe(got))
						}
						w.inScope(t, c, d, got)
						continue
					case got.status != http.StatusForbidden && got.status != http.StatusNotFound:
						t.Errorf("%s, %s: %s, want 403 or 404", c.name, study, describe(got))
					}
					if c.sees(study) {
						continue // it may know that there is such a thing
					}
					if there, nowhere := w.blank(got), w.blank(absent); there != nowhere {
						t.Errorf("%s learns that there is a study %s:\n%s\n%s", c.name, study, there, nowhere)
					}
				}
			}
		})
	}
	for name := range samples {
		t.Errorf("there is no route %s any more", name)
	}
	if calls < 500 {
		t.Errorf("only %d calls", calls)
	}
}

func (w *world) try(t *testing.T, c caller, r request) answer {
	t.Helper()
	header := map[string]string{"Authorization": c.header}
	for name, value := range r.header {
		header[name] = value
	}
	r.header = header
	return w.do(t, r)
}

// inScope looks for the marks of what lies out of the caller's scope.
func (w *world) inScope(t *testing.T, c caller, d endpoint.Declaration, got answer) {
	t.Helper()
	if d.Anyone {
		return
	}
	for mark, of := range w.marks {
		if strings.Contains(string(got.body), mark) && !c.reads(of, d) {
			t.Errorf("%s is shown %s of %+v: %s", c.name, mark, of, describe(got))
		}
	}
}

// reads tells whether something with a mark may be shown to the caller. A device is shown its studies and what is for it; of records
// only that they are there, where it asks about their exact bytes.
func (c caller) reads(m mark, d endpoint.Declaration) bool {
	switch {
	case !c.sees(m.study):
		return false
	case m.public || c.device != "":
		return m.public || m.site == "" || d.Path == protocol.PathHave
	case c.grant.Role == centralstore.Viewer:
		return false
	}
	return m.site == "" || c.grant.Region == "" && c.grant.Site == "" || m.site == "north" && (c.grant.Region == "n" || c.grant.Site == "north") ||
		m.site == "south" && (c.grant.Region == "s" || c.grant.Site == "south")
}

var (
	ids   = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
	sums  = regexp.MustCompile(`[0-9a-f]{64}`)
	names = regexp.MustCompile(`\b(mall|fair|moon)\b`)
)

// blank is an answer without what the caller itself said, times and ids.
func (w *world) blank(a answer) string {
	for _, name := range []string{"Date", "Parvis-Clock", "Parvis-Request", "Content-Length"} {
		a.header.Del(name)
	}
	body := ids.ReplaceAllString(string(a.body), "ID")
	body = names.ReplaceAllString(sums.ReplaceAllString(body, "SUM"), "STUDY")
	return fmt.Sprintf("%d %v %s", a.status, a.header, body)
}
