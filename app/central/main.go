// Command central is the endpoint of Parvis: it keeps studies, enrols devices, and takes in what they deliver.
package main

import (
	"context"
	"crypto/rand"
	"os"
	"time"

	"parvis/app/central/program"
)

func main() {
	ctx, stop := program.UntilSignalled(context.Background())
	m := program.New(program.Params{Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Now: time.Now, Rand: rand.Reader})
	code := m.Run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
