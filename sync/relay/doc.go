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
// # Rights and visits
//
// A tablet that meets nobody but the laptop still has to tell central of its life and of its rights to fill quotas, and to hear what
// central says to both. Neither is the laptop's: they travel within the sealed batch and within the closed reply, and the laptop does
// nothing for them that it does not do for records.
//
// Up: every batch carries what the header Parvis-Epochs would say (HandIn.Epochs): the visit, made and kept before the batch is sealed,
// so that a copy of the tablet that gives out the same numbers tells of another one. The first batch of each contact carries the
// statement of rights as well (HandIn.Leases), as it is at that moment, records of the same contact and of those before included.
// The tablet keeps with the batch what it told.
//
// At central: the visit is heard with the batch's first records, as in a push. Then, after all records, since they use some of the rights,
// the statement is settled as in a synchronisation: what was given back is taken up, and what should be free is granted.
//
// Down: the reply has central's word on each epoch (HandInReply.Epochs) and on each statement (HandInReply.Leases). The tablet takes
// them up at its next contact: a visit that it did not make tells it that it was set back, and what it still has gets new numbers; rights
// are added, and what is beyond its share it gives back and says so in the next batch.
//
// Batches come late, twice, in any order, and beside a direct synchronisation. Nothing of it does harm:
//   - What a statement says are totals that only grow; central keeps the higher ones, and takes back no more than is out.
//   - A statement has a number. Central grants nothing on one that comes after a later one, and the tablet passes over an answer to one
//     before the latest that was answered. The same one again finds what it asked for already out.
//   - A statement beside a visit that is not the latest is another life's, or late: it is not heard at all.
//   - A device that was shut out in the meantime, revoked or written off, gives back, is granted nothing, and hears that nothing is to stay
//     free: it stops using rights that others have by now. What it brings is kept, and counts when a person accepts it.
//   - Used and leased rights together never pass the cap, since central alone grants, in a transaction, whoever brings the statement.
//
// An older central passes over both and answers neither; the tablet then works as it did, with the rights it had, and its numbers are
// told without a visit. An older tablet says neither. An older laptop carries both without knowing.
//
// # Lending rights
//
// Between two contacts of the laptop with central, a tablet that has run out would turn people away although the site has rights. So the
// laptop has some of its own, of the account that is signed in: at central it is a device with epochs, leases and a pace as others are,
// listed with them, shut out, written off and granted by the same rule, where whom it met are the rights it was asked for. It settles
// them when it synchronises (protocol.PathTill), gives back what is beyond its share, and has none while no tablet comes.
//
// A tablet that is short of rights asks for some (PathRelayRights), at each contact and before it gives its batches. It says how many it
// has had in all of each epoch that the laptop has had, since accounts take turns on one, and how many it wants. The laptop writes down what the tablet is to have in all before it
// answers, and answers that total. Where the tablet has had less of the present epoch than is written down, an answer was lost: it hears the same again and no
// more. Where it has had more, the laptop was set back to a copy of its store, and learns. A share of what is free, by the tablets that
// come, is passed on at once, one at least.
//
// Central hears what was passed on as totals, by the laptop's epoch and the tablet's, from whoever comes first: the tablet's statement, the
// laptop's, or any interview made with such a right (interview.Lent), which may come before the statement of its batch, in a later batch or
// as a file. It moves what is new from the one lease to the other, no more than the laptop has out, and remembers what it heard: used and
// leased together stay what they are. The answer to a statement says, of one moment, what is granted and what was heard, so that the tablet
// counts nothing twice.
//   - A laptop that lends twice what it had, set back or lying, makes no rights: the interviews beyond stay provisional, whoever comes first
//     counts. Central shows it the visit of its other life; it begins a new epoch and leaves that one's rights alone.
//   - Of a laptop that was written off nothing moves any more. It lends again when its person has signed in anew, and then in a new epoch.
//   - With a tablet that was lost what it was passed on is written off as it is heard of.
//   - Central takes a till from its own account alone. An account that signs out gives back what is free, where central can be reached; else
//     it stays out until the account is back. One that supervises nothing any more lends nothing.
//   - A central that was restored from a backup is told anew of all that was passed on, and says what is left; so is one that is reached
//     under another address.
//   - A tablet that central has said nothing to in its present epoch, or has shut out, asks for nothing.
//   - The laptop takes a tablet's word for its epoch. One that names another's gets totals that central moves to the other.
//
// # Left out
//
// Revocation, erasure and what central misses are heard from central alone. A record that another life of the tablet has sealed before it
// learns of that keeps its number. A tablet enrols at central, not here. The laptop is not found by itself: where its address changes, the
// tablet tries those it knew and is shown the new one. What a laptop lent is not signed: a tablet that lies can take what a laptop has out
// at central, and no more: rights that are free, and those passed on to others of which central has not heard yet. The interviews made with
// the latter then wait for a person. A tablet gives free rights back to central alone, not to the laptop.
//
// The package knows HTTP, the protocol and an interface of a store; it must not know SQL, screens, or how a batch is opened.
package relay
