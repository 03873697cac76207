// Package program is the command central: its commands, what they print, and the wiring of store, endpoint and importer. It knows
// all of them and does none of their work. A test starts the real program with New and Run.
package program
