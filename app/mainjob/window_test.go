package mainjob

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"parvis/app/robot"
)

// windowed builds the field app with its robot and returns the command that opens it in a real window on a virtual display.
func windowed(t *testing.T, bin string) (command string) {
	t.Helper()
	display, err := exec.LookPath("xvfb-run")
	if err != nil {
		t.Skip("xvfb-run is not here: no display to open a window on")
	}
	field := filepath.Join(bin, "field-robot")
	if out, err := exec.Command("go", "build", "-tags", "migrated_fynedo robot", "-o", field, "../field").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	command = filepath.Join(bin, "field")
	script := "#!/bin/sh\nexec " + display + " -a -s '-screen 0 420x860x24' " + field + " \"$@\"\n"
	must(t, os.WriteFile(command, []byte(script), 0o700))
	return command
}

// opened runs a command that opens a window, and wants what it says and the pictures it took.
func opened(t *testing.T, command *exec.Cmd, pictures, says string, names ...string) {
	t.Helper()
	command.Env = append(os.Environ(), "LANG=en_US.UTF-8", "LC_ALL=", "PARVIS_PIN="+robot.PIN)
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), says) {
		t.Fatalf("%v: %v\n%s", command.Args, err, out)
	}
	for _, name := range names {
		if info, err := os.Stat(filepath.Join(pictures, name)); err != nil || info.Size() < 1000 {
			t.Errorf("no picture %s: %v", name, err)
		}
	}
}

// TestAnAuthorTriesAQuestionnaire: research opens a workbook in the field app, where the robot answers to the end.
func TestAnAuthorTriesAQuestionnaire(t *testing.T) {
	bin, pictures := programs(t), t.TempDir()
	field := windowed(t, bin)
	watched := filepath.Join(bin, "watched")
	must(t, os.WriteFile(watched, []byte("#!/bin/sh\nexec "+field+" \"$@\" --robot preview --pictures "+pictures+"\n"), 0o700))
	research := exec.CommandContext(t.Context(), filepath.Join(bin, "research"), "form", "preview", "--field", watched, "../../assets/studies/fair-visitor.xlsx")
	opened(t, research, pictures, "and was asked to its end", "preview-01.png", "preview-02.png")
}

// TestAPreparedDeviceOpensReadyForTheDay: with --join nobody types an address or a code.
func TestAPreparedDeviceOpensReadyForTheDay(t *testing.T) {
	bin, dir, pictures := programs(t), t.TempDir(), t.TempDir()
	field := windowed(t, bin)
	central := startCentral(t, bin, dir)
	central.command("study", "import", "../../assets/studies/mall-exit.xlsx")
	code := strings.TrimSpace(central.command("enrol-code", "--study", "mall-exit", "--interviewer", "0417", "--quiet"))
	args := []string{"--data", filepath.Join(dir, "device"), "--central", central.url, "--code", code, "--join", "--robot", "open", "--pictures", pictures}
	opened(t, exec.CommandContext(t.Context(), field, args...), pictures, "ready for the day", "open-01.png")
	// the code has been used; a device that is enrolled does not need it again
	opened(t, exec.CommandContext(t.Context(), field, args...), pictures, "ready for the day", "open-01.png")
}
