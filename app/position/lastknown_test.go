package position

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestTheLastKnownLocationThroughJNI runs the C that asks Android in a real Java virtual machine with checks on, against classes that
// have Android's names and signatures.
func TestTheLastKnownLocationThroughJNI(t *testing.T) {
	run, classes := machine(t)
	for state, want := range map[string]string{
		// outcome, latitude, longitude, accuracy, time, times asked, exception left behind
		"both":      "0 51.0500 3.7200 900 1700000100000 0 0", // the newest, not the most exact
		"network":   "0 51.0500 3.7200 900 1700000100000 0 0",
		"forbidden": "0 51.0500 3.7200 900 1700000100000 0 0",
		"nowhere":   "2 0.0000 0.0000 0 0 0 0",
		"denied":    "1 0.0000 0.0000 0 0 1000 0",
		"broken":    "3 0.0000 0.0000 0 0 0 0",
	} {
		var complaints, said bytes.Buffer
		command := exec.Command(run, classes, state)
		command.Stdout, command.Stderr = &complaints, &said
		err := command.Run()
		if got := strings.TrimSpace(said.String()); err != nil || got != want {
			t.Errorf("%s: %v\n%s\nwant %s", state, err, got, want)
		}
		if strings.Contains(complaints.String(), "native method") || strings.Contains(complaints.String(), "FATAL") {
			t.Errorf("%s: the machine complains\n%s", state, complaints.String())
		}
	}
}

// machine compiles the classes and the C that runs them.
func machine(t *testing.T) (run, classes string) {
	t.Helper()
	javac, err := exec.LookPath("javac")
	if err != nil {
		t.Skip("no Java compiler is here (Debian: openjdk-17-jdk-headless)")
	}
	if javac, err = filepath.EvalSymlinks(javac); err != nil {
		t.Fatal(err)
	}
	home := filepath.Dir(filepath.Dir(javac))
	jvm := filepath.Join(home, "lib", "server")
	if _, err := os.Stat(filepath.Join(jvm, "libjvm.so")); err != nil {
		t.Skipf("no Java virtual machine to link with: %v", err)
	}
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler is here")
	}
	dir := t.TempDir()
	classes, run = filepath.Join(dir, "classes"), filepath.Join(dir, "run")
	sources, err := filepath.Glob("testdata/java/android/*/*.java")
	if err != nil || len(sources) == 0 {
		t.Fatal(err)
	}
	for _, command := range [][]string{
		append([]string{javac, "-d", classes}, sources...),
		{cc, "-Wall", "-Wextra", "-Werror", "-o", run, "testdata/main.c", "-I" + home + "/include", "-I" + home + "/include/linux", "-L" + jvm, "-ljvm", "-Wl,-rpath," + jvm},
	} {
		if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v\n%s", command, err, out)
		}
	}
	return run, classes
}
