package delivery

// EpochNumbers is what a device says of an epoch's sequence numbers.
//
// A device that is set back to a copy of itself gives numbers out that it gave out before, for other records. So that nobody takes the
// one for the other, a device tells central of numbers only together with a mark that it saved after it gave them out, its Visit. A
// device that central shows a mark it did not make knows that it was set back, or copied: it begins a new epoch, in which what nobody
// was told of gets new numbers.
type EpochNumbers struct {
	Epoch string
	High  int64 // the highest number given out when the visit was made; 0 for none
	// Visit is a count, a dash and a random text, such as "12-9f0c"; "" where there is none.
	Visit string
}

// EpochGaps is what central answers to EpochNumbers.
type EpochGaps struct {
	Epoch   string  `json:"epoch"`
	Missing []Range `json:"missing,omitempty"` // numbers given out that have not come
	Visit   string  `json:"visit,omitempty"`   // the latest that central had heard of before, where it is another than was told
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
