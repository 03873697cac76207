//go:build unix

package agent_test

import (
	"syscall"
	"time"
)

// processor is what this process has used of its processors: it tells what work costs also where other programs take the time.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
