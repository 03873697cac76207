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
	unsent  [][]string         // cells of interviews that central has not got, by device
}

func newLeases(p Params) *leases {
	l := &leases{p: p, caps: map[string]int{}, told: map[string]quota.Pace{}, heard: map[string]float64{}, unsent: make([][]string, p.Devices)}
	for _, c := range p.Cells {
		l.caps[c.Name] = c.Cap + p.Tolerance
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
	for _, cell := range l.unsent[device] {
		var f quota.Filed
		l.ledger.File(e, &f, 1, []string{cell}, map[string]int{cell: 1})
		if f.Provisional() {
			panic("an interview with a right was not counted") // it would be the ledger's fault
		}
	}
	l.unsent[device] = nil
	pace := quota.Pace{Hours: at, Respondents: l.met[device].Respondents, Met: map[string]int{}}
	for c, n := range l.met[device].Met {
		pace.Met[c] = n
	}
	l.told[e], l.heard[e] = pace, at
	rates := quota.Rates(l.told, l.caps, l.p.Rate)
	for _, c := range l.p.Cells {
		needs := make(map[string]quota.Need, len(l.told))
		for other := range l.told {
			needs[other] = quota.Need{Expected: rates[other][c.Name] * l.p.Gap, Unheard: rates[other][c.Name] * (at - l.heard[other])}
		}
		target := l.ledger.Target(c.Name, e, needs)
		wallet.Keep(c.Name, target)
		l.ledger.Return(e, c.Name, wallet[c.Name].Returned)
		account := l.ledger.Accounts[c.Name]
		l.ledger.Grant(e, c.Name, target-account.Leases[e].Out())
		wallet.Told(c.Name, account.Leases[e].Granted)
	}
}

func (l *leases) open(device, cell int) bool {
	return l.wallets[device][l.p.Cells[cell].Name].Free() > 0
}

func (l *leases) takes(device, cell int) bool {
	name := l.p.Cells[cell].Name
	l.met[device].Respondents++
	l.met[device].Met[name]++
	if !l.wallets[device].Reserve([]string{name}) {
		return false
	}
	l.wallets[device].Commit([]string{name})
	l.unsent[device] = append(l.unsent[device], name)
	return true
}
