// Package mainjob is the end-to-end test of what Parvis is for: a workbook becomes interviews becomes data. The real central and
// the real research command run as processes, the field app's real screens are tapped in a process that is killed in the middle
// of a question, the network fails during a push and loses the answer of another, and at the end every cell is compared with what
// was tapped. A second test has eight field apps and a supervisor's laptop work at once, each a process that takes orders, in two
// networks, and holds the quota board against the pulled data and central's ledger. It has no code of its own.
package mainjob
