//go:build unix

package sqlitefile

import "golang.org/x/sys/unix"

// freeSpace is what an ordinary program may still write in the folder, in bytes.
func freeSpace(folder string) (bytes int64, known bool) {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return 0, false
	}
	return int64(s.Bavail) * int64(s.Bsize), true
}
