//go:build unix

package endpoint

import (
	"math"

	"golang.org/x/sys/unix"
)

// mostConnections is where more open connections help nobody.
const mostConnections = 16_384

// openFiles is how many files and connections the system lets this process have open, as far as that matters here. The Go runtime
// raises the soft limit to the hard one when a program starts.
func openFiles() int {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit); err != nil {
		return 1024
	}
	const enough = mostConnections / 3 * 4
	return int(min(uint64(limit.Cur), enough, math.MaxInt32))
}
