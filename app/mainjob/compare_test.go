package mainjob

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/csv"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite" // reads the device's file from outside

	"parvis/internal/delivery"
	"parvis/sync/agent"
)

// lines is a buffer that a process writes and the test reads.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// pull adds a researcher, fetches the data by the real command, and returns the folder of CSV files.
func pull(t *testing.T, bin string, c process, dir string) string {
	t.Helper()
	c.command("user", "add", "ada", "--role", "researcher", "--study", "mall-exit", "--password-stdin")
	out := filepath.Join(dir, "csv")
	run := exec.Command(filepath.Join(bin, "research"), "pull", "--central", c.url, "--study", "mall-exit", "--format", "csv", "--out", out)
	run.Env = append(os.Environ(), "PARVIS_TOKEN="+token(c))
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("research pull: %v\n%s", err, said)
	}
	return out
}

func token(c process) string {
	return strings.TrimSpace(c.command("token", "--user", "ada", "--quiet"))
}

func table(t *testing.T, file string) []map[string]string {
	t.Helper()
	f, err := os.Open(file)
	must(t, err)
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	must(t, err)
	var out []map[string]string
	for _, row := range rows[1:] {
		named := map[string]string{}
		for i, name := range rows[0] {
			named[name] = row[i]
		}
		out = append(out, named)
	}
	return out
}

// compareCells holds every cell of the pulled files against what was tapped.
func compareCells(t *testing.T, dir, data string) {
	t.Helper()
	interviews, contacts := truth{filepath.Join(dir, "truth.jsonl")}.read(t)
	rows := table(t, filepath.Join(data, "interviews.csv"))
	if len(rows) != len(interviews) || len(rows) != 6 {
		t.Fatalf("%d interviews were conducted and %d pulled", len(interviews), len(rows))
	}
	slices.SortFunc(rows, func(a, b map[string]string) int { return strings.Compare(a["id"], b["id"]) }) // UUIDv7: by time
	asked := questions(t, data)
	for n, row := range rows {
		want := interviews[n+1]
		compareRow(t, n+1, row, want, asked)
	}
	compareContacts(t, data, contacts, interviews)
	compareObservations(t, data, rows, interviews)
}

// questions are the variables of the codebook that a respondent was asked.
func questions(t *testing.T, data string) []string {
	t.Helper()
	var names []string
	for _, row := range table(t, filepath.Join(data, "codebook.csv")) {
		if row["file"] == "interviews.csv" && row["question"] != "" && row["label::English (en)"] != "" && !strings.Contains(row["variable"], "__") {
			names = append(names, row["variable"])
		}
	}
	if len(names) < 30 {
		t.Fatalf("the codebook names only %d questions", len(names))
	}
	return names
}

func compareRow(t *testing.T, n int, row map[string]string, want *told, asked []string) {
	t.Helper()
	if row["disposition"] != want.Disposition {
		t.Errorf("interview %d: disposition %q, tapped %q", n, row["disposition"], want.Disposition)
	}
	if row["corrections"] != strconv.Itoa(want.Corrections) {
		t.Errorf("interview %d: %s corrections, %d made", n, row["corrections"], want.Corrections)
	}
	if sex := want.Given["sex"]; row["disposition"] == "1.0" && sex != "" && !strings.Contains(row["cells"], "_"+sex+"_") {
		t.Errorf("interview %d: cells %q of a %s", n, row["cells"], sex)
	}
	if row["void"] != want.Void {
		t.Errorf("interview %d: void %q, tapped %q", n, row["void"], want.Void)
	}
	if want.Language != "" && row["language"] != want.Language {
		t.Errorf("interview %d: language %q, tapped %q", n, row["language"], want.Language)
	}
	if row["site"] != "les_halles" || row["entrance"] != "north" || row["interviewer"] != "0417" {
		t.Errorf("interview %d: %s, %s, %s", n, row["site"], row["entrance"], row["interviewer"])
	}
	secret := personal()
	for name, value := range want.Given {
		if _, personal := secret[name]; personal {
			continue
		}
		if got, there := row[name]; !there || got != value {
			t.Errorf("interview %d, %s: %q in the data, %q tapped", n, name, got, value)
		}
	}
	for heading, flag := range row {
		name, choice, multiple := strings.Cut(heading, "__")
		if value := want.Given[name]; multiple && value != "" && (flag == "1") != slices.Contains(strings.Fields(value), choice) {
			t.Errorf("interview %d, %s: %q in the data, %q tapped", n, heading, flag, value)
		}
	}
	for _, name := range asked {
		if _, given := want.Given[name]; !given && row[name] != "" {
			t.Errorf("interview %d, %s: %q in the data, nothing tapped", n, name, row[name])
		}
	}
}

func compareContacts(t *testing.T, data string, contacts []told, interviews map[int]*told) {
	t.Helper()
	var want, got []string
	passed := 0
	for _, c := range contacts {
		passed += c.Passed
		if c.Disposition != "" {
			want = append(want, outcome(c.Disposition, c.Guess, c.Why))
		}
	}
	for _, i := range interviews {
		want = append(want, outcome(i.Disposition, i.Guess, ""))
	}
	for _, row := range table(t, filepath.Join(data, "contacts.csv")) {
		got = append(got, outcome(row["disposition"], strings.TrimSpace(row["estimated_sex"]+" "+row["estimated_age"]), row["not_approached"]))
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("contacts: %v in the data, %v tapped", got, want)
	}
	shifts := table(t, filepath.Join(data, "shifts.csv"))
	if len(shifts) != 1 || shifts[0]["passed"] != "11" || passed != 11 || shifts[0]["ended"] == "" || shifts[0]["weather"] != "rain" || !strings.HasSuffix(shifts[0]["notes"], noted) {
		t.Errorf("one ended shift with %d persons expected: %v", passed, shifts)
	}
	corrections, pauses := table(t, filepath.Join(data, "corrections.csv")), table(t, filepath.Join(data, "pauses.csv"))
	if len(corrections) != 1 || corrections[0]["from"] != "8" || corrections[0]["to"] != "11" || corrections[0]["reason"] != "missed" {
		t.Errorf("corrections: %v", corrections)
	}
	if len(pauses) != 1 || pauses[0]["reason"] != "weather" || pauses[0]["words"] != "hail" {
		t.Errorf("pauses: %v", pauses)
	}
}

// outcome is what became of a contact, its estimate, and why nobody was approached.
func outcome(disposition, guess, why string) string { return disposition + "|" + guess + "|" + why }

func compareObservations(t *testing.T, data string, rows []map[string]string, interviews map[int]*told) {
	t.Helper()
	seen := table(t, filepath.Join(data, "observations.csv"))
	want := 0
	for n, i := range interviews {
		for _, cue := range i.Cues {
			want++
			if !slices.ContainsFunc(seen, func(o map[string]string) bool {
				return o["interview"] == rows[n-1]["id"] && o["cue"] == strings.ToLower(cue) && o["question"] == "why_not"
			}) {
				t.Errorf("interview %d: %s was noticed and is not in the data: %v", n, cue, seen)
			}
		}
	}
	if want == 0 || len(seen) != want {
		t.Errorf("%d observations tapped, %d in the data", want, len(seen))
	}
}

// compareRecords holds central's records against the device's: each there once, with equal bytes.
func compareRecords(t *testing.T, dir string, c process) {
	t.Helper()
	device := onDevice(t, dir)
	client, err := agent.NewClient(agent.ClientParams{Central: c.url, Token: token(c), Now: time.Now})
	must(t, err)
	central := map[delivery.Identity]int{}
	cursor := ""
	for {
		page, err := client.Records(context.Background(), "mall-exit", "", cursor)
		must(t, err)
		for _, item := range page.Items {
			if item.Kind != delivery.ItemRecord {
				continue
			}
			var r delivery.StoredRecord
			must(t, json.Unmarshal(item.Body, &r))
			central[r.Identity()]++
		}
		cursor = page.Cursor
		if !page.More {
			break
		}
	}
	for id, n := range central {
		if n != 1 || !device[id] {
			t.Errorf("record %v: %d times at central, on the device: %v", id, n, device[id])
		}
	}
	for id := range device {
		if central[id] == 0 {
			t.Errorf("record %v of the device is not at central", id)
		}
	}
	if len(device) < 12 {
		t.Errorf("only %d records on the device", len(device))
	}
}

func onDevice(t *testing.T, dir string) map[delivery.Identity]bool {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "device", "parvis.db")+"?mode=ro")
	must(t, err)
	defer db.Close()
	rows, err := db.Query(`SELECT id, revision, sha256, state FROM outbox`)
	must(t, err)
	defer rows.Close()
	found := map[delivery.Identity]bool{}
	for rows.Next() {
		var id delivery.Identity
		var state string
		must(t, rows.Scan(&id.ID, &id.Revision, &id.SHA256, &state))
		found[id] = true
		if state != "sent" {
			t.Errorf("record %v is still %s", id, state)
		}
	}
	must(t, rows.Err())
	return found
}

// nothingPersonal looks for the name and the phone number in every file the device, central and the research team hold.
func nothingPersonal(t *testing.T, dir, data string) {
	t.Helper()
	looked := 0
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "truth.jsonl") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		looked++
		for name, value := range personal() {
			if bytes.Contains(content, []byte(value)) {
				t.Errorf("%s stands in clear in %s", name, path)
			}
		}
		return nil
	}))
	if looked < 10 || data == "" {
		t.Fatalf("only %d files looked at", looked)
	}
}
