// Command field is the interviewer's app for Android, iOS and laptops. This package only wires: where the data lie, which clock
// and which agent, and what the window shows is app/screens/fieldapp.
//
// PARVIS_PIN in the environment opens the device, or becomes a new device's first PIN; with --join it must be given.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var o options
	flag.StringVar(&o.Data, "data", "", "folder of this device's data (default: the app's own)")
	flag.StringVar(&o.Central, "central", "", "address of central, filled in on the enrolment screen")
	flag.StringVar(&o.Code, "code", "", "enrolment code, filled in on the enrolment screen")
	flag.BoolVar(&o.Join, "join", false, "enrol with address and code before the window opens, for devices prepared beforehand")
	flag.StringVar(&o.Size, "size", "", "size of the window as WIDTHxHEIGHT, on a desktop")
	flag.StringVar(&o.Preview, "preview", "", "folder of a study to try; nothing is kept (research form preview makes it)")
	robotFlags(&o)
	flag.Parse()
	o.PIN = os.Getenv("PARVIS_PIN") // not on the command line, which everybody on the machine can read
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "field:", err)
		os.Exit(1)
	}
}
