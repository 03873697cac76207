//go:build race

package endpoint_test

// raced tells that the race detector watches.
const raced = true
