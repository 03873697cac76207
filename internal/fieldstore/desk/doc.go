// Package desk is the memory of a supervisor's laptop: what it is entitled to see of the field, pulled from central by the same
// agent as a device's, and counted as it comes in, so that the board opens at once however many interviews there are.
//
// It knows SQL and the words of the field; it must not know the network or screens. It keeps copies, of
// which central has the originals, and what the supervisor decided, until central has it: only that would be lost with the file.
package desk
