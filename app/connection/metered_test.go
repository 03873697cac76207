package connection

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhetherTheNetworkIsMeteredThroughJNI runs the C that asks Android in a real Java virtual machine with checks on, against
// classes that have Android's names and signatures.
func TestWhetherTheNetworkIsMeteredThroughJNI(t *testing.T) {
	run, classes := machine(t)
	for state, want := range map[string]string{ // outcome, exception left behind
		"mobile": "0 0", "wifi": "1 0", "forbidden": "2 0", "broken": "2 0", "without": "2 0", "other": "2 0",
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

// The app asks for nothing that its manifest does not name.
func TestTheManifestNamesThePermission(t *testing.T) {
	t.Parallel()
	manifest, err := os.ReadFile("../../assets/android/AndroidManifest.xml")
	if err != nil || !strings.Contains(string(manifest), `"android.permission.ACCESS_NETWORK_STATE"`) {
		t.Errorf("ACCESS_NETWORK_STATE is not there: %v", err)
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
