package centralstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"parvis/internal/delivery"
)

// filled is a central with something in every part of it.
func filled(t *testing.T) (*central, *device) {
	t.Helper()
	ctx, c := context.Background(), newCentral(t)
	c.study(t, "mall")
	c.user(t, "rita", Grant{Role: Researcher})
	d := c.device(t, "0417", "mall")
	if err := c.SetCard(ctx, CardOrder{Card: delivery.Card{Interviewer: "0417", Name: "Inès"}, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.SendMessage(ctx, MessageOrder{Study: "mall", Text: "« bonjour » \u2028", Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.NewCode(ctx, CodeOrder{Studies: []string{"mall"}, Interviewer: "0418", Valid: time.Hour, Actor: "test"}); err != nil {
		t.Fatal(err)
	}
	bad := d.record(t, delivery.KindContact, "mall", "north")
	bad.SHA256 = "no sum"
	held := d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, d.record(t, delivery.KindShift, "mall", "north"), held, bad)
	ines := supervisor("ines", Grant{})
	c.mustDecide(t, ines, c.decision(ines, delivery.ReviewReject, held.ID, rev(1)))
	body := []byte("a picture of a shelf")
	if _, err := c.PutAttachment(ctx, d.part(body, 0, len(body))); err != nil {
		t.Fatal(err)
	}
	half := []byte("half of another picture")
	if _, err := c.PutAttachment(ctx, d.part(half, 0, 9)); err != nil {
		t.Fatal(err)
	}
	return c, d
}

// lines are the rows of every table in a backup, in order.
func lines(t *testing.T, data []byte) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	_, err := readArchive(bytes.NewReader(data), func(_ archiveHead, name string, content io.Reader) error {
		body, err := io.ReadAll(content)
		if strings.HasPrefix(name, tablesPart) {
			table := filepath.Base(filepath.Dir(name))
			all[table] = append(all[table], strings.Split(string(body), "\n")...)
			slices.Sort(all[table])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func (c *central) backup(t *testing.T) []byte {
	t.Helper()
	var file bytes.Buffer
	if _, err := c.Backup(context.Background(), &file, map[string][]byte{"hand-in.key": []byte("k")}); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func opener(data []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
}

// restored opens a backup in a place of its own, over PostgreSQL where database names one.
func restored(t *testing.T, data []byte, database string) *central {
	t.Helper()
	r := &central{dir: t.TempDir(), db: database}
	r.clock.Store(start.UnixMilli())
	sum, extra, err := Restore(context.Background(), r.params(t), opener(data))
	if err != nil {
		t.Fatal(err)
	}
	if string(extra["hand-in.key"]) != "k" || sum.Interviews != 1 || sum.Files != 3 {
		t.Errorf("%+v, %v", sum, extra)
	}
	r.Store = r.open(t)
	return r
}

// Whatever central held is there again, in the same engine and in the other one; devices go on where they were.
func TestABackupRestoresEverything(t *testing.T) {
	t.Parallel()
	c, d := filled(t)
	data := c.backup(t)
	if _, err := CheckBackup(bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	lost := d.record(t, delivery.KindInterview, "mall", "north")
	c.push(t, d, lost)
	places := []string{""}
	if server != nil {
		places = append(places, database(t))
	}
	for _, place := range places {
		r := restored(t, data, place)
		got, want := lines(t, r.backup(t)), lines(t, data)
		for _, table := range tables() {
			if !slices.Contains([]string{"central", "codes", "audit"}, table) && !slices.Equal(got[table], want[table]) {
				t.Errorf("%s differs", table)
			}
		}
		if r.insides().self.incarnation == c.insides().self.incarnation {
			t.Error("the copy takes itself for the original: readers would miss what it lost")
		}
		d.seq = lost.Seq
		if again := r.push(t, d); len(again.Gaps[0].Missing) != 1 || again.Gaps[0].Missing[0].First != lost.Seq {
			t.Errorf("what the backup lacks is not missed: %v", again.Gaps[0].Missing)
		}
		if again := r.push(t, d, lost); !slices.Equal(statuses(again), []delivery.Status{delivery.Received}) || len(again.Gaps[0].Missing) != 0 {
			t.Errorf("%+v", again)
		}
		var ill []Finding
		r.Doctor(context.Background(), true, func(f Finding) {
			if f.Grade == Ill && !strings.Contains(f.Text, "fsync") && !strings.Contains(f.Text, "full_page_writes") {
				ill = append(ill, f)
			}
		})
		if len(ill) > 0 {
			t.Errorf("ill: %v", ill)
		}
	}
}

// A backup that was cut off or whose content was changed anywhere is refused, and nothing of it is there afterwards.
func TestADamagedBackupIsRefused(t *testing.T) {
	t.Parallel()
	c, _ := filled(t)
	data := c.backup(t)
	for n := range 40 {
		bad := slices.Clone(data)
		if n%2 == 0 {
			bad = bad[:len(bad)*n/40]
		} else {
			bad[len(bad)*n/40] ^= 0x40
		}
		_, err := CheckBackup(bytes.NewReader(bad))
		if err == nil && reflect.DeepEqual(lines(t, bad), lines(t, data)) {
			continue // the compression has bits that mean nothing
		}
		if !errors.Is(err, ErrBackup) {
			t.Errorf("damage %d: %v", n, err)
		}
	}
	p := c.params(t)
	p.Dir, p.Database = t.TempDir(), ""
	if _, _, err := Restore(context.Background(), p, opener(data[:len(data)-1])); !errors.Is(err, ErrBackup) {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(p.Dir, FileName)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("something was made of it")
	}
}

func TestABackupIsRestoredIntoAnEmptyPlaceOnly(t *testing.T) {
	t.Parallel()
	c, d := filled(t)
	data := c.backup(t)
	if _, _, err := Restore(context.Background(), c.params(t), opener(data)); err == nil || !strings.Contains(err.Error(), "empty") {
		t.Fatal(err)
	}
	c.push(t, d, d.record(t, delivery.KindContact, "mall", "north"))
}

// Every table is in a backup, those of later migrations too.
func TestABackupHoldsEveryTable(t *testing.T) {
	t.Parallel()
	c := newCentral(t)
	query := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'goose_%'`
	if server != nil {
		query = `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name NOT LIKE 'goose_%'`
	}
	err := c.insides().read(context.Background(), func(ctx context.Context, tx *sql.Tx) error {
		have, err := texts(ctx, tx, query)
		for _, table := range have {
			if !slices.Contains(tables(), table) {
				t.Errorf("%s is not in a backup", table)
			}
		}
		if len(have) != len(tables()) {
			t.Errorf("%d tables, %d in a backup", len(have), len(tables()))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is wrong is found.
func TestTheDoctorFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]string{
		"counts":     `UPDATE tallies SET n = n + 1`,
		"interviews": `UPDATE studies SET interviews = 7`,
		"feed":       `UPDATE studies SET feed = 1`,
		"a file":     `INSERT INTO attachments (study, sha256, size, device, received_at) VALUES ('mall', '` + strings.Repeat("0", 64) + `', 1, '', 0)`,
		"a body":     `INSERT INTO records (study, id, revision, n, kind, device, epoch, seq, sha256, interviewer, site, received_at, skew_ms, body) SELECT study, 'x', 1, 0, kind, device, epoch, seq, 'wrong', interviewer, site, received_at, skew_ms, body FROM records LIMIT 1`,
	} {
		c, _ := filled(t)
		if err := c.insides().write(context.Background(), execute(harm)); err != nil {
			t.Fatal(name, err)
		}
		ill := 0
		c.Doctor(context.Background(), true, func(f Finding) {
			if f.Grade == Ill && f.Check != "database" {
				ill++
			}
		})
		if ill == 0 {
			t.Errorf("%s: found in order", name)
		}
		if name == "counts" || name == "interviews" {
			if err := c.Recount(context.Background(), "test"); err != nil {
				t.Fatal(err)
			}
			c.Doctor(context.Background(), false, func(f Finding) {
				if f.Check == "counts" && f.Grade != Well {
					t.Errorf("%s: after counting anew: %s", name, f.Text)
				}
			})
		}
	}
}
