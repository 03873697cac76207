// Command supervisor is the supervisor's app for laptops. This package only wires: where the data lie, which clock and which agent,
// and what the window shows is app/screens/deskapp.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	var o options
	flag.StringVar(&o.Data, "data", "", "folder of this laptop's data (default: the app's own)")
	flag.StringVar(&o.Central, "central", "", "address of central, filled in on the sign-in screen")
	flag.StringVar(&o.User, "user", "", "user name, filled in on the sign-in screen; the password is asked there")
	flag.Parse()
	if err := run(o); err != nil {
		fmt.Fprintln(os.Stderr, "supervisor:", err)
		os.Exit(1)
	}
}
