package xlsform

import (
	"bytes"
	"encoding/csv"
)

// readExternalChoices notes which lists the external_choices sheet has; the
// sheet itself travels beside the form as itemsets.csv.
func (c *converter) readExternalChoices() {
	sheet := c.w.Sheet("external_choices")
	if sheet == nil || len(sheet.Rows) == 0 {
		return
	}
	c.externalLists = map[string]bool{}
	cols := choicesVocabulary().columns(sheet, &c.d)
	for _, row := range sheet.Rows {
		for _, col := range cols {
			if col.tokens[0] == listName && row.At(col.index) != "" {
				c.externalLists[cleanText(row.At(col.index), false)] = true
			}
		}
	}
}

// itemsetsCSV is the external_choices sheet as the file that
// select_one_external questions read.
func (c *converter) itemsetsCSV() []byte {
	sheet := c.w.Sheet("external_choices")
	if sheet == nil || !c.usesExternal {
		return nil
	}
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	keep := make([]int, 0, len(sheet.Header))
	var header []string
	for i, h := range sheet.Header {
		if h != "" {
			keep = append(keep, i)
			header = append(header, h)
		}
	}
	rows := [][]string{header}
	for _, r := range sheet.Rows {
		rec := make([]string, len(keep))
		for j, i := range keep {
			rec[j] = r.At(i)
		}
		rows = append(rows, rec)
	}
	if err := w.WriteAll(rows); err != nil {
		return nil
	}
	return b.Bytes()
}

// readOSM reads the tags that questions of type osm ask for, by list.
func (c *converter) readOSM() {
	sheet := c.w.Sheet("osm")
	if sheet == nil || len(sheet.Rows) == 0 {
		return
	}
	c.osm = map[string][]choice{}
	cols := choicesVocabulary().columns(sheet, &c.d)
	for _, row := range sheet.Rows {
		if list, ch := c.readChoice(row, cols); list != "" && ch.name != "" {
			c.osm[list] = append(c.osm[list], ch)
		}
	}
}
