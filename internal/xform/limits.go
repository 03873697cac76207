package xform

// Bounds that keep the time and memory of a form or an instance within what
// its size deserves.
const (
	maxExpression  = 64 << 10   // bytes of one expression
	maxDefs        = 200_000    // nodes of the primary instance
	maxItems       = 500_000    // nodes of a running instance
	maxReads       = 20_000_000 // nodes looked at to find what all expressions read
	maxActions     = 10_000     // actions that one answer may set off
	maxRepeats     = 10_000     // instances of one repeat under one parent
	maxCascade     = 64         // actions that set off each other
	maxControlNest = 128        // groups within groups
)
