//go:build !unix

package endpoint

// openFiles is a number these systems bear: they have no limit that could be asked for.
func openFiles() int { return 16_384 }
