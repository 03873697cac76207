// Package mainjob is the end-to-end test of what Parvis is for: a workbook becomes interviews becomes data. The real central and
// the real research command run as processes, the field app's real screens are tapped in a process that is killed in the middle
// of a question, the network fails during a push and loses the answer of another, and at the end every cell is compared with what
// was tapped. It has no code of its own.
package mainjob
