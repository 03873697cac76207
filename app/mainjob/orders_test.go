package mainjob

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// order is what a process is told to do, a line of JSON on its standard input; it answers with a line each. A process without a further
// order ends.
type order struct {
	Do   string   `json:"do"`
	With []string `json:"with,omitempty"`
}

type answer struct {
	Said  string `json:"said,omitempty"`
	Wrong string `json:"wrong,omitempty"`
}

// deed is what a process does on an order.
type deed func(with []string) (said string, err error)

// obey does what it is told until there is nothing more.
func obey(deeds map[string]deed) error {
	in, out := bufio.NewScanner(os.Stdin), json.NewEncoder(os.Stdout)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		var o order
		if err := json.Unmarshal(in.Bytes(), &o); err != nil {
			return err
		}
		a := answer{Wrong: "there is no such deed"}
		if do := deeds[o.Do]; do != nil {
			said, err := do(o.With)
			a = answer{Said: said}
			if err != nil {
				a.Wrong = err.Error()
			}
		}
		if err := out.Encode(a); err != nil {
			return err
		}
	}
	return in.Err()
}

// hand is a process that takes orders.
type hand struct {
	name   string
	orders io.WriteCloser
	said   *bufio.Reader
	errors *bytes.Buffer
}

// hire starts this test's binary as a process with a folder of its own.
func hire(t *testing.T, name, part, dir, central, code string) *hand {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	app := exec.CommandContext(ctx, os.Args[0])
	app.Env = append(os.Environ(), partVar+"="+part, dirVar+"="+dir, centralVar+"="+central, codeVar+"="+code)
	h := &hand{name: name, errors: &bytes.Buffer{}}
	app.Stderr = h.errors
	var err error
	h.orders, err = app.StdinPipe()
	must(t, err)
	out, err := app.StdoutPipe()
	must(t, err)
	h.said = bufio.NewReader(out)
	must(t, app.Start())
	t.Cleanup(func() {
		defer stop()
		if err := errors.Join(h.orders.Close(), app.Wait()); err != nil {
			t.Errorf("%s ended badly: %v\n%s", name, err, h.errors)
		}
	})
	return h
}

// try gives an order.
func (h *hand) try(do string, with ...string) (string, error) {
	line, err := json.Marshal(order{do, with})
	if err != nil {
		return "", err
	}
	if _, err := h.orders.Write(append(line, '\n')); err != nil {
		return "", fmt.Errorf("%s takes no orders: %w", h.name, err)
	}
	text, err := h.said.ReadBytes('\n')
	var a answer
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	if err == nil && a.Wrong != "" {
		err = errors.New(a.Wrong)
	}
	if err != nil {
		return "", fmt.Errorf("%s, %s %v: %w", h.name, do, with, err)
	}
	return a.Said, nil
}

// must gives an order that has to succeed.
func (h *hand) must(t *testing.T, do string, with ...string) string {
	t.Helper()
	said, err := h.try(do, with...)
	if err != nil {
		t.Fatalf("%v\n%s", err, h.errors)
	}
	return said
}
