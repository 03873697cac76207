package protocol

// PullAnswer is a page of what the asker is entitled to and has changed since the cursor.
type PullAnswer struct {
	Cursor string `json:"cursor"` // opaque; hand it back next time
	More   bool   `json:"more,omitempty"`
	Items  []Item `json:"items"`
	// Missing are the sequence numbers of the asking device's epoch that central has not seen, given its HighSeqHeader.
	Missing []Range `json:"missing,omitempty"`
	// Visit is the latest visit in that epoch that central had heard of, where it is another than the device told: one that the device
	// did not make tells it that it was set back to a copy.
	Visit string `json:"visit,omitempty"`
	// Trail are the visits that central believed, the latest first, where it does not believe this one: the device and the life of it that
	// central heard parted at the latest one that the device made too.
	Trail []string `json:"trail,omitempty"`
	// Earlier is the same of the earlier epochs that the device told of.
	Earlier []EpochGaps `json:"earlier,omitempty"`
	// Incarnation names central's database and changes when a backup takes its place: then a device asks, with have, about all that
	// was ever acknowledged.
	Incarnation string `json:"incarnation,omitempty"`
}

// StudyAnswer tells what became of an uploaded workbook.
type StudyAnswer struct {
	Study      string       `json:"study"`
	Version    int          `json:"version"`             // central's own count, from 1
	Unchanged  bool         `json:"unchanged,omitempty"` // the same study with the same questionnaire was there already
	Warnings   []Diagnostic `json:"warnings,omitempty"`
	Interviews int          `json:"interviews"` // held for this study so far
}

// Diagnostic is one thing to mend in a workbook.
type Diagnostic struct {
	Severity string `json:"severity"` // problem or warning
	Sheet    string `json:"sheet,omitempty"`
	Row      int    `json:"row,omitempty"`    // as the spreadsheet counts, from 1; 0 for the whole sheet
	Column   string `json:"column,omitempty"` // the column's heading
	Message  string `json:"message"`
	Remedy   string `json:"remedy,omitempty"`
}

// StudyList is what a person may see of the studies at central.
type StudyList struct {
	Studies []StudySummary `json:"studies"`
}

// StudySummary is one study in a list.
type StudySummary struct {
	ID         string            `json:"id"`
	Title      map[string]string `json:"title"` // by language
	Version    int               `json:"version"`
	Interviews int               `json:"interviews"`
}
