//go:build robot

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"

	"fyne.io/fyne/v2"

	"parvis/app/robot"
)

// robotFlags are there in builds for demonstration only: the app then works by itself through its real screens.
func robotFlags(o *options) {
	flag.StringVar(&o.Robot, "robot", "", "work by itself: enrol, shift, resume, send, preview or open")
	flag.StringVar(&o.Pictures, "pictures", "build/run/pictures", "folder for the robot's pictures")
}

// robotWorks lets the robot begin where it is told to, and tells whether it was.
func robotWorks(o options, front robot.FieldApp, w fyne.Window) bool {
	if o.Robot == "" {
		return false
	}
	s := &robot.Shift{App: front, Robot: robot.New(robot.Params{Canvas: w.Canvas(), Do: fyne.DoAndWait}), Picture: picturesOf(o.Pictures)}
	go func() {
		if err := s.Work(context.Background(), o.Robot); err != nil {
			fmt.Fprintln(os.Stderr, "robot:", err)
			os.Exit(1)
		}
		fyne.Do(w.Close)
	}()
	return true
}

// picturesOf takes pictures of the real window where imagemagick is there to take them, else of the canvas.
func picturesOf(folder string) func(r *robot.Robot, name string) error {
	return func(r *robot.Robot, name string) error {
		file := folder + "/" + name + ".png"
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
		if exec.Command("import", "-window", "root", file).Run() == nil {
			return nil
		}
		return r.Picture(file)
	}
}
