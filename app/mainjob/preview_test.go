package mainjob

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnAuthorTriesAQuestionnaire runs the real commands: research opens a workbook in the field app's real window, on a virtual
// display, where the robot answers to the end.
func TestAnAuthorTriesAQuestionnaire(t *testing.T) {
	display, err := exec.LookPath("xvfb-run")
	if err != nil {
		t.Skip("xvfb-run is not here: no display to open a window on")
	}
	bin := programs(t)
	field := filepath.Join(bin, "field-robot")
	if out, err := exec.Command("go", "build", "-tags", "migrated_fynedo robot", "-o", field, "../field").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	pictures := t.TempDir()
	watched := filepath.Join(bin, "field") // the one beside research, with the robot at its window
	script := "#!/bin/sh\nexec " + display + " -a -s '-screen 0 420x860x24' " + field + " \"$@\" --robot preview --pictures " + pictures + "\n"
	must(t, os.WriteFile(watched, []byte(script), 0o700))

	research := exec.CommandContext(t.Context(), filepath.Join(bin, "research"), "form", "preview", "../../assets/studies/fair-visitor.xlsx")
	research.Env = append(os.Environ(), "LANG=en_US.UTF-8", "LC_ALL=")
	out, err := research.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "and was asked to its end") {
		t.Fatalf("research form preview: %v\n%s", err, out)
	}
	for _, name := range []string{"preview-01.png", "preview-02.png"} {
		if info, err := os.Stat(filepath.Join(pictures, name)); err != nil || info.Size() < 1000 {
			t.Errorf("no picture %s: %v", name, err)
		}
	}
}
