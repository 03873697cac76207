// Command research is what a research team works with: it pulls interviews from central into CSV files, makes the keys that open
// personal data, and checks questionnaires.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"parvis/app/research/program"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	m := program.New(program.Params{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Getenv: os.Getenv})
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
