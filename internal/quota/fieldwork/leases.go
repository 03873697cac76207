package fieldwork

import (
	"strconv"

	"parvis/internal/quota"
)

// leases run on the real ledger and wallets.
type leases struct {
	p       Params
	ledger  *quota.Ledger
	caps    map[string]int
	wallets []quota.Wallet
	told    map[string]quota.Pace // as central heard last
	met     []quota.Pace
	heard   map[string]float64 // when, by epoch
	unsent  [][]begun          // interviews that central has not got, by device
	within  quota.Within
}

// all is the quota of all cells together.
const all = "all"

func newLeases(p Params) *leases {
	l := &leases{p: p, caps: map[string]int{}, told: map[string]quota.Pace{}, heard: map[string]float64{}, unsent: make([][]begun, p.Devices), within: quota.Within{}}
	for i, c := range p.Cells {
		for _, name := range l.names(i) {
			l.caps[name] += c.Cap + p.Tolerance
			if name != c.Name {
				l.within[name] = append(l.within[name], c.Name)
			}
		}
	}
	l.ledger = quota.NewLedger(l.caps)
	for d := range p.Devices {
		l.wallets = append(l.wallets, quota.Wallet{})
		l.met = append(l.met, quota.Pace{Met: map[string]int{}})
		l.told[epoch(d)], l.heard[epoch(d)] = quota.Pace{}, 0
	}
	return l
}

func epoch(device int) string { return strconv.Itoa(device) }

func (l *leases) sync(device int, at float64) {
	e, wallet := epoch(device), l.wallets[device]
	ready, going := complete(l.unsent[device], at)
	l.unsent[device] = going
	for _, b := range ready {
		names, rights := l.names(b.cell), map[string]int{}
		wallet.Commit(names)
		for _, name := range names {
			rights[name] = 1
		}
		var f quota.Filed
		l.ledger.File(e, &f, 1, names, rights)
		if f.Provisional() {
			panic("an interview with a right was not counted") // it would be the ledger's fault
		}
	}
	pace := quota.Pace{Hours: at, Respondents: l.met[device].Respondents, Met: map[string]int{}}
	for c, n := range l.met[device].Met {
		pace.Met[c] = n
	}
	l.told[e], l.heard[e] = pace, at
	rates := quota.Rates(l.told, l.caps, l.p.Rate)
	needs := map[string]map[string]quota.Need{}
	for name := range l.caps {
		needs[name] = make(map[string]quota.Need, len(l.told))
		for other := range l.told {
			needs[name][other] = quota.Need{Expected: rates[other][name] * l.p.Gap, Unheard: rates[other][name] * (at - l.heard[other])}
		}
	}
	for name, target := range l.ledger.Targets(e, needs, l.within) {
		wallet.Keep(name, target)
		l.ledger.Return(e, name, wallet[name].Returned)
		account := l.ledger.Accounts[name]
		l.ledger.Grant(e, name, target+wallet[name].Reserved-account.Leases[e].Out()) // rights of interviews that go on are not free
		wallet.Told(name, account.Leases[e].Granted)
	}
}

// names are the quotas that people of a cell fall in.
func (l *leases) names(cell int) []string {
	names := []string{l.p.Cells[cell].Name}
	if l.p.Total {
		names = append(names, all)
	}
	if columns := len(l.p.Cells) / 2; l.p.Margins {
		names = append(names, "row "+strconv.Itoa(cell/columns), "column "+strconv.Itoa(cell%columns))
	}
	return names
}

func (l *leases) open(device, cell int) bool {
	return len(l.wallets[device].Full(l.names(cell))) == 0
}

func (l *leases) takes(device, cell int, at float64) bool {
	names := l.names(cell)
	l.met[device].Respondents++
	for _, name := range names {
		l.met[device].Met[name]++
	}
	if !l.wallets[device].Reserve(names) {
		return false
	}
	l.unsent[device] = append(l.unsent[device], begun{cell, at + l.p.Interview})
	return true
}
