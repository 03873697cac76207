package xform

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"parvis/internal/xmltree"
)

// readCSV makes a list of a CSV file: a root with an item for each row and in
// it an element for each column. The separator is a comma or, when the heading
// has one and no comma, a semicolon; the text is UTF-8 with or without a mark.
func readCSV(r io.Reader, l xmltree.Limits) (*xmltree.Node, error) {
	limit := l.Bytes
	if limit <= 0 {
		limit = xmltree.DefaultLimits().Bytes
	}
	nodes := l.Nodes
	if nodes <= 0 {
		nodes = xmltree.DefaultLimits().Nodes
	}
	b := bufio.NewReader(io.LimitReader(r, limit+1))
	if mark, _ := b.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = b.Discard(3)
	}
	c := csv.NewReader(b)
	c.Comma = separator(b)
	c.FieldsPerRecord = -1
	c.LazyQuotes = true
	c.ReuseRecord = true
	doc := xmltree.NewDocument()
	root := xmltree.NewElement("", "root")
	doc.Append(root)
	first, err := c.Read()
	if errors.Is(err, io.EOF) {
		return doc, nil
	}
	if err != nil {
		return nil, err
	}
	names := make([]string, len(first))
	for i, s := range first {
		names[i] = strings.TrimSpace(s)
	}
	for made := 0; ; {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return doc, nil
		}
		if err != nil {
			return nil, err
		}
		if made += len(names) + 1; made > nodes || c.InputOffset() > limit {
			return nil, fmt.Errorf("the table is larger than %d bytes or %d cells", limit, nodes)
		}
		root.Append(csvItem(names, row))
	}
}

func csvItem(names, row []string) *xmltree.Node {
	item := xmltree.NewElement("", "item")
	for i, name := range names {
		if name == "" {
			continue
		}
		e := xmltree.NewElement("", name)
		if i < len(row) {
			e.Value = strings.Clone(row[i])
		}
		item.Append(e)
	}
	return item
}

func separator(b *bufio.Reader) rune {
	head, _ := b.Peek(4096)
	if i := strings.IndexAny(string(head), "\r\n"); i >= 0 {
		head = head[:i]
	}
	if strings.Contains(string(head), ";") && !strings.Contains(string(head), ",") {
		return ';'
	}
	return ','
}
