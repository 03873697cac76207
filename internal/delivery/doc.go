// Package delivery is what the stores and the network agree on: a record and its identity, central's receipt, what is pulled, who
// a device is and when it tries next. It holds types and their rules only; it must not know how anything is stored, sent or
// shown. The wire names stand here too, because a record's JSON is the same at rest, in a batch and in an answer.
package delivery
