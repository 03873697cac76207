package delivery

// EpochNumbers is what a device says of an epoch's sequence numbers.
//
// A device that is set back to a copy of itself gives numbers out that it gave out before, for other records. So that nobody takes the
// one for the other, a device tells central of numbers only together with a mark that it saved after it gave them out, its Visit. A
// device that central shows a mark it did not make knows that it was set back, or copied: it begins a new epoch, in which what nobody
// was told of gets new numbers.
//
// Two lives of a device share the visits that were made before they parted, and the numbers up to then. Central remembers a trail of the
// visits it believed, and shows it to a life that is not on it, which finds the last one that it made too: whatever it gave out since,
// told or not, gets new numbers in its own epoch. So it is even where central is restored from backups that knew the one life and then
// the other, and no number is told of by the one and comes from the other.
type EpochNumbers struct {
	Epoch string
	High  int64 // the highest number given out when the visit was made; 0 for none
	// Visit is a count, a dash and a random text, such as "12-9f0c"; "" where there is none.
	Visit string
	// After is the visit that the device knows central heard of last; "" for none. Central believes a visit only where that is so: of two
	// lives of a device one comes first, and the other finds out before anything it said was believed.
	// Of an epoch that the device gave up, which has no Visit, it is the last one up to which the numbers are its own.
	After string
}

// TrailKept is how many of the visits before the latest central remembers of an epoch.
const TrailKept = 64

// EpochGaps is what central answers to EpochNumbers.
type EpochGaps struct {
	Epoch   string  `json:"epoch"`
	Missing []Range `json:"missing,omitempty"` // numbers given out that have not come
	Visit   string  `json:"visit,omitempty"`   // the latest that central had heard of before, where it is another than was told
	// Trail are the visits that central believed, the latest first, where what the device told is not believed.
	Trail []string `json:"trail,omitempty"`
}

// EpochState is what central knows of an epoch in which numbers are missing: given out, and not come. A record that came under another
// number, because its device was set back before it could deliver it, is among them.
type EpochState struct {
	Epoch   string  `json:"epoch"`
	HighSeq int64   `json:"high_seq"`
	Missing []Range `json:"missing,omitempty"`
}

// Gaps are the missing numbers of all epochs of a device, the present one's first.
func (d DeviceState) Gaps() []Range {
	gaps := append([]Range(nil), d.Missing...)
	for _, e := range d.Earlier {
		gaps = append(gaps, e.Missing...)
	}
	return gaps
}
