package program

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// UntilSignalled returns a context that ends with the first signal to stop. From then on a signal does what it does to any process: a
// second one ends it at once, for whoever waits for a database that does not answer.
func UntilSignalled(parent context.Context) (ctx context.Context, stop func()) {
	ctx, stop = signal.NotifyContext(parent, os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
