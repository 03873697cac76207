package house

import (
	"os"
	"os/exec"
	"testing"
)

// What has no screen must build for phones with no C compiler, so that a change which breaks them is seen on any machine.
func TestEverythingWithoutScreensBuildsForPhones(t *testing.T) {
	if testing.Short() {
		t.Skip("cross-builds take minutes; the full suite makes them")
	}
	for _, target := range []struct{ os, arch string }{{"android", "arm64"}, {"ios", "arm64"}} {
		t.Run(target.os, func(t *testing.T) {
			build := exec.Command("go", "build", "./internal/...", "./sync/...")
			build.Dir = root
			build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+target.os, "GOARCH="+target.arch, "GOFLAGS=-buildvcs=false")
			if out, err := build.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		})
	}
}
