package program_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parvis/internal/seal"
)

// A backup made while central serves makes the same central elsewhere, sealed or not; nothing is overwritten on the way.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	central := p.serve(t)
	defer central.stop()
	p.must(t, "", "study", "import", filepath.Join(samples, "mall-exit.xlsx"))
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(t.TempDir(), "backup.key")
	if err := os.WriteFile(keyFile, pair.File(time.Now()), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, flags := range map[string][2][]string{
		"plain":  {{}, {}},
		"sealed": {{"--recipient", pair.Recipient}, {"--key", keyFile}},
	} {
		file := filepath.Join(t.TempDir(), "central backup")
		p.must(t, "", append([]string{"backup", file}, flags[0]...)...)
		if again := p.run(t, "", "backup", file); again.code == 0 {
			t.Error("a backup was overwritten")
		}
		if said := p.must(t, "", append([]string{"restore", "--check", file}, flags[1]...)...); !strings.Contains(said, "is whole") {
			t.Error(said)
		}
		other := newPlace(t)
		if said := other.must(t, "", append([]string{"restore", file}, flags[1]...)...); !strings.Contains(said, "Restored 0 interviews") {
			t.Error(said)
		}
		if said := other.must(t, "", "study", "list"); !strings.Contains(said, "mall-exit") {
			t.Errorf("%s: %s", name, said)
		}
		for _, of := range []place{p, other} {
			key, err := os.ReadFile(filepath.Join(of.data, "hand-in.key"))
			if err != nil || !strings.Contains(string(key), "AGE-SECRET-KEY") {
				t.Errorf("%s: the key did not come along: %v", name, err)
			}
		}
		if full := other.run(t, "", append([]string{"restore", file}, flags[1]...)...); full.code == 0 {
			t.Error("a central was restored over another one")
		}
		other.must(t, "", "doctor", "--whole")
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data[:len(data)-7], 0o600); err != nil {
			t.Fatal(err)
		}
		if cut := newPlace(t).run(t, "", append([]string{"restore", file}, flags[1]...)...); cut.code == 0 {
			t.Errorf("%s: half a backup was restored", name)
		}
	}
}

func TestTheDoctorSeesAKeyThatOthersRead(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	p.serve(t).stop()
	p.must(t, "", "doctor")
	if err := os.Chmod(filepath.Join(p.data, "hand-in.key"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := p.run(t, "", "doctor"); got.code != 1 || !strings.Contains(got.stdout, "chmod 600") {
		t.Errorf("%d %s", got.code, got.stdout)
	}
}
