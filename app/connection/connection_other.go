//go:build !android

package connection

// System tells whether the network in use is metered, and whether that is known; nil here, where the toolkit has no way to ask.
func System() func() (metered, known bool) { return nil }
