package sqlitefile

import (
	"encoding/json"
	"os/exec"
	"testing"
)

// The driver is C translated to Go against one exact version of its runtime; another crashes. Other modules ask for newer ones, so
// go.mod has a replacement, and this keeps it true.
func TestDriverAndRuntimeAreAPair(t *testing.T) {
	t.Parallel()
	type module struct {
		Path, Version, GoMod string
		Replace              *module
	}
	list := func(name string) module {
		out, err := exec.Command("go", "list", "-m", "-json", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		var m module
		if err := json.Unmarshal(out, &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	driver, runtime := list("modernc.org/sqlite"), list("modernc.org/libc")
	if runtime.Replace != nil {
		runtime = *runtime.Replace
	}
	out, err := exec.Command("go", "mod", "edit", "-json", driver.GoMod).Output()
	if err != nil {
		t.Fatal(err)
	}
	var asks struct{ Require []module }
	if err := json.Unmarshal(out, &asks); err != nil {
		t.Fatal(err)
	}
	for _, r := range asks.Require {
		if r.Path == "modernc.org/libc" {
			if r.Version != runtime.Version {
				t.Errorf("modernc.org/sqlite %s asks for modernc.org/libc %s and gets %s: replace it in go.mod", driver.Version, r.Version, runtime.Version)
			}
			return
		}
	}
	t.Errorf("the go.mod of modernc.org/sqlite %s does not name modernc.org/libc", driver.Version)
}
