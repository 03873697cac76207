package endpoint

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// mostPageBytes bounds the bodies in a page, so that its answer stays well below what a client reads.
const mostPageBytes = 4 << 20

func (e *Endpoint) pull(c *call) error {
	return c.page(centralstore.PullQuery{})
}

func (e *Endpoint) research(c *call) error {
	kind := delivery.Kind(c.r.URL.Query().Get("kind"))
	switch kind {
	case "", delivery.KindShift, delivery.KindContact, delivery.KindInterview:
	default:
		return problem(http.StatusBadRequest, protocol.CodeBadRequest, "There is no such kind of record.")
	}
	return c.page(centralstore.PullQuery{Study: c.r.PathValue("study"), Kind: kind})
}

// page answers with the next page of a query.
func (c *call) page(q centralstore.PullQuery) error {
	q.Who, q.Cursor, q.Epochs, q.HighSeq = c.who, c.r.URL.Query().Get("cursor"), c.epochs(), c.highSeq()
	q.Limit, q.Bytes = protocol.PullPage, mostPageBytes
	answer, err := c.e.pulled(c.r.Context(), q)
	if err != nil {
		return err
	}
	return c.send(http.StatusOK, protocol.ContentJSON, answer)
}

// pulled is the JSON of a query's page.
func (e *Endpoint) pulled(ctx context.Context, q centralstore.PullQuery) ([]byte, error) {
	got, err := e.p.Store.Pull(ctx, q)
	if err != nil {
		return nil, err
	}
	answer := protocol.PullAnswer{
		Cursor: got.Cursor, More: got.More, Incarnation: got.Incarnation, Items: make([]protocol.Item, 0, len(got.Entries)),
	}
	present, earlier := gapsOf(got.Gaps)
	answer.Missing, answer.Visit, answer.Trail, answer.Earlier = present.Missing, present.Visit, present.Trail, earlier
	for _, entry := range got.Entries {
		item, err := itemOf(entry)
		if err != nil {
			return nil, err
		}
		answer.Items = append(answer.Items, item)
	}
	return protocol.AppendPullAnswer(nil, answer), nil
}

// gapsOf puts the present epoch's apart, and leaves out earlier ones of which there is nothing to say.
func gapsOf(gaps []protocol.EpochGaps) (present protocol.EpochGaps, earlier []protocol.EpochGaps) {
	for i, g := range gaps {
		switch {
		case i == 0:
			present = g
		case len(g.Missing) > 0 || g.Visit != "" || len(g.Trail) > 0:
			earlier = append(earlier, g)
		}
	}
	return present, earlier
}

func itemOf(entry centralstore.Entry) (protocol.Item, error) {
	switch {
	case entry.Record != nil:
		return protocol.Item{Kind: protocol.ItemRecord, ID: entry.ID, Body: protocol.AppendStored(nil, *entry.Record)}, nil
	case entry.Device != nil:
		body, err := json.Marshal(entry.Device)
		if err != nil {
			return protocol.Item{}, fmt.Errorf("writing a device: %w", err)
		}
		return protocol.Item{Kind: protocol.ItemDevice, ID: entry.ID, Body: body}, nil
	case entry.Message != nil:
		return protocol.Item{Kind: protocol.ItemMessage, ID: entry.ID, Body: entry.Message}, nil
	case entry.Assigned != nil:
		return protocol.Item{Kind: protocol.ItemAssignments, ID: entry.ID, Body: entry.Assigned}, nil
	case entry.Decision != nil:
		return protocol.Item{Kind: protocol.ItemDecision, ID: entry.ID, Body: entry.Decision}, nil
	case entry.Card != nil:
		return protocol.Item{Kind: protocol.ItemCard, ID: entry.ID, Body: entry.Card}, nil
	}
	return protocol.Item{Kind: protocol.ItemStudy, ID: entry.ID, Body: entry.Study}, nil
}

// blob answers with a file or the range of it that was asked for.
func (e *Endpoint) blob(c *call) error {
	sum := c.r.PathValue("sha256")
	file, err := e.p.Store.OpenFile(c.r.Context(), c.who, sum)
	if err != nil {
		return err
	}
	defer file.Close()
	return c.file(sum, file)
}

// file sends a file that is called by its sum and therefore never changes.
func (c *call) file(sum string, file io.ReadSeeker) error {
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("measuring a file: %w", err)
	}
	c.answerIn(end)
	h := c.w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("ETag", `"`+sum+`"`)
	h.Set("Cache-Control", "private, immutable, max-age=31536000")
	http.ServeContent(c.w, c.r, "", time.Time{}, file)
	return nil
}
