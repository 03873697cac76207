// Package tour takes pictures of every screen at three sizes, as an interviewer and a supervisor would meet them, with the sample
// study and a believable day. Its test is the verb "make tour"; it has no code of its own.
package tour
