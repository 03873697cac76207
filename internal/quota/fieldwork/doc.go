// Package fieldwork plays a study's days in the field, to see what a way of sharing quotas among devices that are mostly offline costs:
// interviews beyond the caps, interviews that are missing in the end, and people who were turned away although somebody else could have
// interviewed them.
//
// Interviewers differ in how many of whom they meet (their mix is drawn from a Dirichlet distribution around the caps), and people come
// by chance (Poisson). Every way of sharing meets the same people at the same moments. Leases run on the ledger and the wallets that
// central and devices use. What is compared with them: the caps split evenly among devices once for all, and counts that all devices
// share, as old as the last two synchronisations make them.
//
// With Reference the even split leaves 8 in 100 unfilled and turns 46 of 100 eligible people away while their cell is open elsewhere;
// that fixes how much the mixes differ (Concentration).
//
// # How the last rights are granted
//
// A first rule (rate + 1.65 sqrt(rate), one each in the end, first come first served) turned away 31 to 36 in 100 with hourly
// synchronisation and 39 at the end of the shift, with 2.5 in 100 unfilled. Two things brought that down: rights go one by one to whoever
// will most probably use them (quota.Shares), so that the last ones lie where these respondents come by; and what others will have used
// by now, unheard, is taken off before the rest is shared (quota.Ledger.Target), so that the first to synchronise in the evening do not
// keep what is gone already. Nothing looks at who will come: rates are learnt from whom a device told it met.
//
// It is pure: no clock, no storage, and randomness from a seed.
package fieldwork
