// Command central is the endpoint of Parvis: it keeps studies, enrols devices, and takes in what they deliver.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"os/signal"
	"syscall"
	"time"

	"parvis/app/central/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// The first Ctrl+C asks to end in order; a second one ends at once, for whoever waits for a database that does not answer.
	context.AfterFunc(ctx, stop)
	m := program.New(program.Params{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Rand: rand.Reader})
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
