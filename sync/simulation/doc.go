// Package simulation proves by chance what the protocol, the agent and central promise together: what an interviewer saved is at
// central exactly once, and what is missing is known. Its tests play whole days in the field within milliseconds: the real agent
// over the real store of a device, and central's real endpoint over its real store, in virtual time and over a network that exists
// in memory and spoils whatever it can. Everything is drawn from a seed, so that a day that went wrong can be played again alone:
//
//	go test -run 'TestSimulation/from_0/seed_17$' ./sync/simulation
//
// There is nothing here but tests.
package simulation
