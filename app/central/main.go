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
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	m := program.New(program.Params{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Rand: rand.Reader})
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
