package centralstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"parvis/internal/delivery"
	"parvis/internal/interview"
)

// tamper does to the audit log what whoever owns the database can do: it takes the guards away first.
func (c *central) tamper(t *testing.T, statements ...string) {
	t.Helper()
	guards := []string{`DROP TRIGGER audit_is_kept`, `DROP TRIGGER audit_is_true`}
	if server != nil {
		guards = []string{`ALTER TABLE audit DISABLE TRIGGER USER`}
	}
	err := c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		for _, one := range append(guards, statements...) {
			if _, err := tx.ExecContext(ctx, one); err != nil {
				return fmt.Errorf("%s: %w", one, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheAuditLogShowsWhatWasDoneToIt(t *testing.T) {
	t.Parallel()
	for name, statement := range map[string]string{
		"":                  `SELECT 1`,
		"a changed word":    `UPDATE audit SET detail = 'viewer' WHERE n = 4`,
		"a changed time":    `UPDATE audit SET at = at + 1 WHERE n = 4`,
		"a changed hash":    `UPDATE audit SET hash = '' WHERE n = 4`,
		"a missing line":    `DELETE FROM audit WHERE n = 4`,
		"a missing first":   `DELETE FROM audit WHERE n = 1`,
		"a missing last":    `DELETE FROM audit WHERE n = (SELECT MAX(n) FROM audit)`,
		"a line in between": `INSERT INTO audit (n, at, actor, action, study, subject, detail, hash) SELECT MAX(n) + 1, 1, 'a', 'b', '', '', '', '' FROM audit`,
		"another number":    `UPDATE audit SET n = n + 100 WHERE n = (SELECT MAX(n) FROM audit)`,
		"an empty log":      `DELETE FROM audit`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCentral(t)
			c.study(t, "mall")
			c.user(t, "rita", Grant{Role: Researcher})
			c.user(t, "sam", Grant{Role: Supervisor, Study: "mall"})
			c.device(t, "0417", "mall")
			c.tamper(t, statement)
			proof, err := c.VerifyAudit(context.Background(), "")
			if name != "" {
				wantCode(t, err, Tampered)
				if name == "a missing line" && !strings.Contains(err.Error(), "Lines 4 to 4") {
					t.Error(err)
				}
				return
			}
			if err != nil || proof.Lines != 5 || proof.N != 5 || len(proof.Hash) != 64 {
				t.Errorf("%+v, %v", proof, err)
			}
		})
	}
}

// Whoever writes the whole log anew is found by a hash that was kept elsewhere.
func TestAKeptHashShowsALogThatWasWrittenAnew(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.user(t, "rita", Grant{Role: Researcher})
	c.user(t, "sam", Grant{Role: Researcher})
	kept, err := c.VerifyAudit(ctx, "")
	if err != nil {
		t.Fatal(err)
	}
	c.user(t, "ada", Grant{Role: Administrator})
	if proof, err := c.VerifyAudit(ctx, kept.Hash); err != nil || !proof.Covered {
		t.Errorf("%+v, %v", proof, err)
	}
	c.tamper(t, `DELETE FROM audit WHERE n > 1`, `UPDATE central SET audit_n = 1, audit_hash = (SELECT hash FROM audit)`)
	c.user(t, "eve", Grant{Role: Administrator})
	if _, err := c.VerifyAudit(ctx, ""); err != nil {
		t.Fatalf("the test did not write it anew: %v", err)
	}
	_, err = c.VerifyAudit(ctx, kept.Hash)
	wantCode(t, err, Tampered)
}

// A log from before there was a chain is covered by its first link.
func TestTheChainCoversWhatWasBefore(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.tamper(t, `INSERT INTO audit (n, at, actor, action, study, subject, detail) VALUES (3, 1, 'a', 'b', '', '', ''), (7, 2, 'a', 'b', '', '', '')`)
	if _, err := c.VerifyAudit(ctx, ""); err != nil {
		t.Fatal(err)
	}
	c.user(t, "rita", Grant{Role: Researcher})
	if proof, err := c.VerifyAudit(ctx, ""); err != nil || proof.N != 8 || proof.Lines != 3 {
		t.Fatalf("%+v, %v", proof, err)
	}
	c.change(t, `UPDATE audit SET action = 'c' WHERE n = 3`)
	_, err := c.VerifyAudit(ctx, "")
	wantCode(t, err, Tampered)
}

func (c *central) change(t *testing.T, statement string) {
	t.Helper()
	err := c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two centrals write at once: one chain comes of it, and nobody waits for a deadlock.
func TestTwoCentralsWriteOneChain(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	second := c.open(t)
	d := c.device(t, "0417", "mall")
	bad := func(s Store) error {
		r := d.recordAt(t, 1, delivery.KindContact, "mall", "north")
		r.SHA256 = "no sum"
		_, err := s.Push(ctx, Push{Who: d.Principal, Records: incoming(r)})
		return err
	}
	var wg sync.WaitGroup
	for i := range 8 {
		s := []Store{c.Store, second}[i%2]
		wg.Go(func() {
			for range 10 {
				_, err := s.SendMessage(ctx, MessageOrder{Study: "mall", Text: "hello", Actor: "test"}) // holds the study, then the chain
				if err == nil && i < 4 {
					err = bad(s) // notes a line, then holds the study
				}
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	proof, err := c.VerifyAudit(ctx, "")
	if err != nil || proof.Lines < 120 || proof.N != int64(proof.Lines) {
		t.Errorf("%+v, %v", proof, err)
	}
}

func TestTheAuditLogIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	c.study(t, "mall")
	statements := []string{`UPDATE audit SET actor = 'x'`, `DELETE FROM audit`}
	if server != nil {
		statements = append(statements, `TRUNCATE audit`, `TRUNCATE records CASCADE`, `TRUNCATE attachments CASCADE`)
	} else {
		statements = append(statements, `INSERT OR REPLACE INTO audit (n, at, actor, action, study, subject, detail) VALUES (1, 1, '', '', '', '', '')`)
	}
	for _, statement := range statements {
		err := c.insides().write(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, statement)
			return err
		})
		if err == nil {
			t.Errorf("%s was done", statement)
		}
	}
	if _, err := c.VerifyAudit(context.Background(), ""); err != nil {
		t.Error(err)
	}
}

// What is written into the audit log is in the transaction of what it tells about.
func TestWhatFailsIsNotInTheAuditLog(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	c.study(t, "mall")
	before, err := c.VerifyAudit(context.Background(), "")
	if err != nil {
		t.Fatal(err)
	}
	wantCode(t, c.AddUser(context.Background(), NewUser{Name: "rita", Password: password, Grants: []Grant{{Role: Viewer}, {Role: Viewer, Study: "moon"}}}), NotFound)
	if after, err := c.VerifyAudit(context.Background(), ""); err != nil || after.N != before.N {
		t.Errorf("%+v, %v", after, err)
	}
}

func TestWhoReadsTheAuditLog(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.study(t, "fair")
	c.device(t, "0417", "mall")
	c.device(t, "0418", "fair")
	read := func(who Principal, study string) (studies string, err error) {
		list, err := c.AuditLog(ctx, AuditQuery{Who: who, Study: study, Limit: 100})
		seen := map[string]bool{}
		for _, e := range list {
			if !seen[e.Study] {
				studies += e.Study + " "
			}
			seen[e.Study] = true
		}
		return studies, err
	}
	ofMall := person("ada", Grant{Role: Administrator, Study: "mall"}, Grant{Role: Supervisor, Study: "fair"})
	for _, tc := range []struct {
		who   Principal
		study string
		want  string
	}{
		{person("root", Grant{Role: Administrator}), "", "fair mall "},
		{person("root", Grant{Role: Administrator}), "mall", "mall "},
		{ofMall, "", "mall "},
		{ofMall, "mall", "mall "},
	} {
		if got, err := read(tc.who, tc.study); err != nil || got != tc.want {
			t.Errorf("%+v %q: %q, %v", tc.who, tc.study, got, err)
		}
	}
	for _, who := range []Principal{
		person("rita", Grant{Role: Researcher}), person("sam", Grant{Role: Administrator, Study: "mall", Site: "north"}), {Device: "d", Studies: []string{"mall"}},
	} {
		_, err := read(who, "mall")
		wantCode(t, err, Forbidden)
	}
	_, err := read(ofMall, "fair")
	wantCode(t, err, Forbidden)
	page, err := c.AuditLog(ctx, AuditQuery{Who: person("root", Grant{Role: Administrator}), Limit: 2})
	if err != nil || len(page) != 2 {
		t.Fatal(page, err)
	}
	next, err := c.AuditLog(ctx, AuditQuery{Who: person("root", Grant{Role: Administrator}), Limit: 2, Before: page[1].N})
	if err != nil || len(next) != 2 || next[0].N != page[1].N-1 {
		t.Errorf("%+v, %v", next, err)
	}
	var lines []string
	if err := c.ExportAudit(ctx, "test", func(e AuditEntry) error { lines = append(lines, e.Action); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(lines) < 5 || lines[0] != "study imported" || lines[len(lines)-1] != "audit log exported" {
		t.Error(lines)
	}
}

// Who reads records and pictures stands in the log, once an hour.
func TestLooksAreInTheAuditLog(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	c, d := filled(t)
	picture := delivery.Sum([]byte("a picture of a shelf"))
	looks := func(action string) (n int) {
		t.Helper()
		log, err := c.Audit(ctx, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range log {
			if e.Action == action && e.Study == "mall" && strings.HasPrefix(e.Actor, "user:") {
				n++
			}
		}
		return n
	}
	who := researcher("mall")
	for range 3 {
		c.all(t, PullQuery{Who: who, Study: "mall", Limit: 10, Bytes: 1 << 20})
	}
	sam := person("sam", Grant{Role: Supervisor, Study: "mall"})
	c.all(t, PullQuery{Who: sam, Limit: 10, Bytes: 1 << 20})
	c.all(t, PullQuery{Who: d.Principal, Limit: 10, Bytes: 1 << 20})
	if n := looks("records read"); n != 2 {
		t.Errorf("%d looks at records", n)
	}
	c.pass(2 * time.Hour)
	c.all(t, PullQuery{Who: who, Study: "mall", Limit: 10, Bytes: 1 << 20})
	if n := looks("records read"); n != 3 {
		t.Errorf("%d looks at records", n)
	}
	_, err := c.OpenAttachment(ctx, sam, picture)
	wantCode(t, err, NotFound) // no interview names it
	if n := looks("picture read"); n != 0 {
		t.Errorf("%d looks at a picture that was not shown", n)
	}
}

// Each look at a picture is noted for the study of the interview that names it.
func TestALookAtAPictureIsInTheAuditLog(t *testing.T) {
	t.Parallel()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	body := []byte("a picture of a shelf")
	r := d.record(t, delivery.KindInterview, "mall", "north")
	r = d.with(t, r, interview.Interview{ID: r.ID, Study: "mall", Site: "north", Disposition: interview.Complete, Answers: "<data/>", Attachments: []interview.Attachment{
		{Name: "shelf-1.jpg", SHA256: delivery.Sum(body), Size: int64(len(body)), Question: "/data/shelf"},
	}})
	c.push(t, d, r)
	if _, err := c.PutAttachment(ctx, d.part(body, 0, len(body))); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		file, err := c.OpenAttachment(ctx, person("sam", Grant{Role: Supervisor, Study: "mall"}), delivery.Sum(body))
		if err != nil {
			t.Fatal(err)
		}
		if err := file.Close(); err != nil {
			t.Fatal(err)
		}
	}
	log, err := c.Audit(ctx, 2)
	if err != nil || log[0].Action != "picture read" || log[0].Actor != "user:sam" || log[0].Study != "mall" || log[1].Action == "picture read" {
		t.Errorf("%+v, %v", log, err)
	}
}

// A push, which notes nothing, does not wait for whoever holds the end of the chain.
func TestAPushDoesNotWaitForTheChain(t *testing.T) {
	t.Parallel()
	if server == nil {
		t.Skip("SQLite has one writer")
	}
	c := newCentral(t)
	c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	second, pushed := c.open(t), make(chan error, 1)
	err := c.insides().write(t.Context(), func(ctx context.Context, tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `UPDATE central SET audit_n = audit_n`); err != nil {
			return err
		}
		go func() {
			_, err := second.Push(context.Background(), Push{Who: d.Principal, Records: incoming(d.record(t, delivery.KindContact, "mall", "north"))})
			pushed <- err
		}()
		select {
		case err := <-pushed:
			return err
		case <-time.After(20 * time.Second):
			return errors.New("it waits")
		}
	})
	if err != nil {
		t.Error(err)
	}
}
