// Package fieldwork plays a study's days in the field, to see what a way of sharing quotas among devices that are mostly offline costs:
// interviews beyond the caps, interviews that are missing in the end, and people who were turned away although somebody else could have
// interviewed them.
//
// Interviewers differ in how many of whom they meet (their mix is drawn from a Dirichlet distribution around the caps), and people come
// by chance (Poisson). Every way of sharing meets the same people at the same moments. Leases run on the ledger and the wallets that
// central and devices use. What is compared with them: the caps split evenly among devices once for all, and counts that all devices
// share.
//
// # What a device with shared counts knows
//
// It interviews while central's count, as it fetched it last, and its own interviews since are below the cap. Its own count from their
// screener on, so that it begins none beyond what it knows. In a synchronisation it delivers first and fetches then. Others' interviews it
// knows once they were complete, delivered, and fetched: what goes on elsewhere is in no count. That is how the counts of systems work that
// show a quota on a device and synchronise; one that fetches before it delivers, or misses synchronisations, knows less.
//
// # When devices synchronise
//
// People are stopped where a connection is met by chance: the time between two synchronisations of a device is exponentially distributed,
// with the gap as its mean (Params.ByChance). The even alternative, each device by the clock at a moment of its own within the gap, is easier
// for all. At the end of a shift there always is one, one device after the other in an order that is drawn each day.
//
// With Reference, shared counts overshoot by 8.8 in 100 of all interviews wanted with a synchronisation an hour by chance, by 4.8 each hour
// by the clock, and by 32 at the end of the shift.
//
// With Reference the even split leaves 8 in 100 unfilled and turns 46 of 100 eligible people away while their cell is open elsewhere;
// that fixes how much the mixes differ (Concentration).
//
// # How the last rights are granted
//
// A first rule (rate + 1.65 sqrt(rate), one each in the end, first come first served) turned away 31 to 36 in 100 with hourly
// synchronisation and 39 at the end of the shift, with 2.5 in 100 unfilled. With those below it is 25 hourly by chance, 19 by the clock and
// 28 at the end of the shift, with 0.5, 0.2 and 1.2 unfilled. Two things brought that down: rights go one by one to whoever
// will most probably use them (quota.Shares), so that the last ones lie where these respondents come by; and what others will have used
// by now, unheard, is taken off before the rest is shared (quota.Ledger.Targets), so that the first to synchronise in the evening do not
// keep what is gone already. Nothing looks at who will come: rates are learnt from whom a device told it met.
//
// Where a quota of all cells together stands beside them (Params.Total), an interview takes a right in both. Divided by themselves the
// last rights of either lay where the other was not: 0.9 and 2.6 in 100 were unfilled, hourly by the clock and at the end of the shift. Since
// a total is divided as its cells were it is 0.4 and 2.1, and 0.7 hourly by chance. With a quota for each row and each column of the cells'
// grid (Params.Margins) it was 1.8 and 4.5, and is 0.5, 3.1 and 0.9 since these are divided so too.
//
// That an interviewer is busy while an interview goes on is left out, so that every way meets the same people: whoever comes by is met.
//
// It is pure: no clock, no storage, and randomness from a seed.
package fieldwork
