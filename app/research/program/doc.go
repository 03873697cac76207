// Package program is the command research: its commands, what they print, and the wiring of agent, archive and export. It knows all
// of them and does none of their work. A test starts the real program with New and Run.
package program
