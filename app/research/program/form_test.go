package program

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/internal/seal"
	"parvis/internal/study/folder"
	"parvis/internal/xform"
	"parvis/internal/xlsform"
)

const goodForm = `
| survey | | | |
| | type | name | label |
| | select_one yn | bought | Did you buy anything? |
| | text | why | Why? |
| choices | | | |
| | list_name | name | label |
| | yn | yes | Yes |
| | yn | no | No |
`

const badForm = `
| survey | | | | |
| | type | name | label | relevant |
| | select_one nowhere | bought | Did you buy anything? | |
| | text | why | Why? | ${wy} = 'x' |
`

// run runs the real program in no particular world.
func run(args ...string) (status int, stdout, stderr string) {
	var out, errs bytes.Buffer
	m := New(Params{
		Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs, Getenv: func(string) string { return "" },
		Now: func() time.Time { return time.Date(2026, 5, 2, 12, 0, 0, 0, time.UTC) },
	})
	status = m.Run(context.Background(), args)
	return status, out.String(), errs.String()
}

func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFormCheck(t *testing.T) {
	t.Parallel()
	if status, stdout, stderr := run("form", "check", file(t, "good.md", goodForm)); status != 0 || !strings.Contains(stdout, "good.md is ready") {
		t.Errorf("status %d: %s%s", status, stdout, stderr)
	}
	status, stdout, _ := run("form", "check", file(t, "bad.md", badForm))
	if status != 1 || !strings.Contains(stdout, "row 2") || !strings.Contains(stdout, "row 3") || !strings.Contains(stdout, "problem: ") {
		t.Errorf("status %d: not every problem is told with its row:\n%s", status, stdout)
	}
	status, stdout, stderr := run("form", "check", "--json", file(t, "bad.md", badForm))
	var told xlsform.Diagnostics
	if err := json.Unmarshal([]byte(stdout), &told); err != nil || status != 1 || len(told.Problems()) < 2 || stderr != "" {
		t.Errorf("status %d, %v, %s%s", status, err, stdout, stderr)
	}
	if status, stdout, _ := run("form", "check", "--json", file(t, "good.md", goodForm)); status != 0 || !strings.HasPrefix(stdout, "[") {
		t.Errorf("status %d: %s", status, stdout)
	}
	for name, text := range map[string]string{"notes.xlsx": "this is no workbook", "cut.xlsx": "PK\x03\x04 and no more"} {
		if status, stdout, stderr := run("form", "check", file(t, name, text)); status != 1 || stdout+stderr == "" {
			t.Errorf("%s: status %d: %s%s", name, status, stdout, stderr)
		}
	}
	if status, _, stderr := run("form", "check", filepath.Join(t.TempDir(), "absent.xlsx")); status == 0 || stderr == "" {
		t.Errorf("status %d: %s", status, stderr)
	}
}

func TestFormConvert(t *testing.T) {
	t.Parallel()
	path := file(t, "good.md", goodForm)
	if status, _, stderr := run("form", "convert", path); status != 0 {
		t.Fatal(stderr)
	}
	text, err := os.ReadFile(strings.TrimSuffix(path, ".md") + ".xml")
	if err != nil {
		t.Fatal(err)
	}
	f, err := xform.Parse(bytes.NewReader(text), xform.ParseOptions{})
	if err != nil || len(f.Questions()) != 2 {
		t.Fatalf("the XForm: %v", err)
	}
	status, stdout, _ := run("form", "convert", path, "--out", "-")
	if status != 0 || stdout != string(text) {
		t.Errorf("status %d, %d bytes on the terminal, %d in the file", status, len(stdout), len(text))
	}
	out := filepath.Join(t.TempDir(), "bad.xml")
	if status, _, stderr := run("form", "convert", file(t, "bad.md", badForm), "--out", out); status != 1 || !strings.Contains(stderr, "not converted") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("a workbook with problems was converted")
	}
}

func TestKeyNew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "team.key")
	status, stdout, stderr := run("key", "new", "--out", path)
	if status != 0 {
		t.Fatal(stderr)
	}
	if strings.Contains(stdout, "SECRET") {
		t.Error("the secret half was printed")
	}
	start := strings.Index(stdout, "age1")
	if start < 0 {
		t.Fatalf("no public half in %q", stdout)
	}
	recipient := strings.TrimSpace(stdout[start:])
	sealed, err := seal.Values([]string{recipient}, map[string]string{"/data/phone": "0475"})
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, mode %v", err, info.Mode())
	}
	text, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = text.Close() }()
	keys, err := seal.ReadKeys(text)
	if err != nil {
		t.Fatal(err)
	}
	if values, err := seal.Open(keys, sealed); err != nil || values["/data/phone"] != "0475" {
		t.Errorf("%v, %v", values, err)
	}
	if status, _, stderr := run("key", "new", "--out", path); status != 1 || !strings.Contains(stderr, "there already") {
		t.Errorf("status %d: %s", status, stderr)
	}
}

// The field app's part is played by a program that keeps what it was handed; that the real one opens it is tested where windows are.
func TestFormPreviewHandsTheStudyOver(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("this system has no /bin/sh to play the field app")
	}
	kept := filepath.Join(t.TempDir(), "kept")
	window := file(t, "field", "#!/bin/sh\necho \"$2\" >&2\ncp -r \"$2\" "+kept+"\n")
	if err := os.Chmod(window, 0o700); err != nil {
		t.Fatal(err)
	}
	status, stdout, stderr := run("form", "preview", "--field", window, "../../../assets/studies/mall-exit.xlsx")
	if status != 0 || !strings.Contains(stdout, "nothing is kept") {
		t.Fatalf("status %d: %s%s", status, stdout, stderr)
	}
	c, err := folder.Read(kept)
	if err != nil || c.Study.ID != "mall-exit" || len(c.XForm) == 0 || len(c.Media) != len(c.Study.Media) || len(c.Media) == 0 {
		t.Errorf("handed over: %q, %d bytes, %d of %d files, %v", c.Study.ID, len(c.XForm), len(c.Media), len(c.Study.Media), err)
	}
	if _, err := os.Stat(strings.TrimSpace(stderr)); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
	if status, _, stderr := run("form", "preview", "--field", window, file(t, "bad.md", badForm)); status != 1 || !strings.Contains(stderr, "row 2") || !strings.Contains(stderr, "row 3") {
		t.Errorf("status %d: %s", status, stderr)
	}
	if status, _, stderr := run("form", "preview", file(t, "good.md", goodForm)); status != 1 || !strings.Contains(stderr, "--field") {
		t.Errorf("without a field app: status %d: %s", status, stderr)
	}
}
