// Package desk is the memory of a supervisor's laptop: what it is entitled to see of the field, pulled from central by the same
// agent as a device's, and counted as it comes in, so that the board opens at once however many interviews there are.
//
// It also holds, whole and sealed, the batches that tablets gave this laptop to carry to central (see package relay), and what the
// supervisor decided, until central has it; and the rights to fill quotas that this laptop lends to tablets, with what it lent to whom.
//
// It knows SQL and the words of the field; it must not know the network or screens. Of what it pulled it keeps copies only: central has
// the originals. The carried batches and the decisions are no copies the laptop can do without: the file may be thrown away only when none
// is left, and triggers in it keep each batch until central has it and its tablet knows that.
package desk
