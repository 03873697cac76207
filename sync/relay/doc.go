// Package relay is the supervisor's laptop as tablets meet it where there is no internet: over HTTPS on the local network it takes sealed
// batches from them, keeps each whole, and hands back central's answers. Its agent brings the batches to central when it can.
//
// # Trust
//
// The laptop is a carrier and no more. What a tablet gives it is a hand-in file (protocol.HandIn), an age file that only central opens:
// the laptop reads neither answers nor personal data, nor the tablet's token for central, which travels inside. The tablet has central's
// key from its enrolment.
//
// A tablet marks a record sent only by central's own receipt. The laptop's word is "carried": such a record stays unsent, and may go to
// central a second time by itself, which exactly-once makes harmless. Central's receipts come back closed (XChaCha20-Poly1305) by a key
// that the tablet made for this one batch and that travelled inside it, bound to the SHA-256 of the batch. Nobody but the tablet and
// central ever had that key, so a laptop can hold a reply back, and can neither read, make nor exchange one. What central has new for
// the tablet, as messages and versions of studies, comes in the same reply. Questionnaires and showcards the tablet takes from the
// laptop's own copy, by the SHA-256 that central named.
//
// A tablet pairs by what the laptop shows: an address, 100 bits of the SHA-256 of the laptop's key, and a secret of 60 random bits that
// works once and for ten minutes. It then knows the laptop by that key alone, whatever its address, and has a token for this laptop and
// nothing else. The laptop makes key and certificate once and keeps them in its store. There is no plain HTTP.
//
// The supervisor's account brings the batches to central, so it must have a role in one of the device's studies; the audit log has a line
// for each. A laptop that was stolen gives away sealed batches and who the tablets' interviewers are, and the token of its supervisor, which
// central can end.
//
// # Durability
//
// The laptop says "held" when the batch is on its disk. It deletes a batch only when central has taken it and the tablet has said that
// it needs no more of it, because it has central's receipts for everything inside, by whatever way: triggers in the store see to it. A
// batch that central refuses stays, with the refusal, is tried again, and holds up no other. A lost answer anywhere leads to a
// question (PathRelayStates) or to the same batch once more, never to a guess.
//
// # Left out
//
// Revocation, erasure and what central misses are heard from central alone. A tablet enrols at central, not here. The laptop is not found
// by itself: where its address changes, the tablet tries those it knew and is shown the new one. There is no sub-leasing of quota rights:
// rights that central grants come to a tablet as pulled items, in the replies. A laptop that is to grant from rights of its own would do
// so in a further exchange beside PathRelayStates, against a ledger beside Store, and central would have to be told in the batches.
//
// The package knows HTTP, the protocol and an interface of a store; it must not know SQL, screens, or how a batch is opened.
package relay
