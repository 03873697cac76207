package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

// Enrol turns a one-time code into a device. previous is the token the device had at the same central before, or "".
func (c *Client) Enrol(ctx context.Context, r protocol.EnrolRequest) (protocol.EnrolAnswer, error) {
	var a protocol.EnrolAnswer
	err := c.post(ctx, "enrolling", protocol.PathEnrol, r, &a)
	return a, err
}

// SignIn turns a person's user name and password into a token.
func (c *Client) SignIn(ctx context.Context, r protocol.SignInRequest) (protocol.SignInAnswer, error) {
	var a protocol.SignInAnswer
	err := c.post(ctx, "signing in", protocol.PathSignIn, r, &a)
	return a, err
}

// Pull gets the next page of what changed since the cursor.
func (c *Client) Pull(ctx context.Context, cursor string) (protocol.PullAnswer, error) {
	return c.page(ctx, "pulling", protocol.PathPull, map[string]string{"cursor": cursor}, c.epochs)
}

// Records gets the next page of a study and its records for research; kind "" means every kind.
func (c *Client) Records(ctx context.Context, study string, kind protocol.Kind, cursor string) (protocol.PullAnswer, error) {
	path := protocol.PathResearch + url.PathEscape(study) + "/records"
	return c.page(ctx, "pulling records", path, map[string]string{"cursor": cursor, "kind": string(kind)}, nil)
}

// Studies lists what the person may see.
func (c *Client) Studies(ctx context.Context) (protocol.StudyList, error) {
	var list protocol.StudyList
	err := c.get(ctx, "listing studies", protocol.PathStudies, nil, &list)
	return list, err
}

// SendMessage hands central a supervisor's message for those in the field.
func (c *Client) SendMessage(ctx context.Context, r protocol.MessageRequest) (protocol.Message, error) {
	var sent protocol.Message
	err := c.post(ctx, "sending the message", protocol.PathMessages, r, &sent)
	return sent, err
}

// Push delivers a batch. With none it tells of all the device's epochs, with records of the present one.
func (c *Client) Push(ctx context.Context, records []delivery.Record) (protocol.PushAnswer, error) {
	size := 64
	for _, r := range records {
		size += len(r.Body) + 320
	}
	var a protocol.PushAnswer
	body := protocol.AppendBatch(make([]byte, 0, size), records)
	epochs := c.epochs
	if len(records) > 0 {
		epochs = epochs[:min(len(epochs), 1)]
	}
	err := c.exchangeJSON(ctx, exchange{doing: "sending", method: http.MethodPost, path: protocol.PathPush, body: body, header: telling(epochs)}, &a)
	return a, err
}

// Have asks which of the records central holds.
func (c *Client) Have(ctx context.Context, ids []delivery.Identity) (protocol.HaveAnswer, error) {
	var a protocol.HaveAnswer
	err := c.post(ctx, "asking what arrived", protocol.PathHave, protocol.HaveRequest{Records: ids}, &a)
	return a, err
}

// Chunk gets at most length bytes of a blob from offset, and the blob's whole size.
func (c *Client) Chunk(ctx context.Context, sha256 string, offset, length int64) (data []byte, size int64, err error) {
	return c.ranged(ctx, "fetching a file", protocol.PathBlob+url.PathEscape(sha256), offset, length)
}

// ranged gets a part of a file.
func (c *Client) ranged(ctx context.Context, doing, path string, offset, length int64) (data []byte, size int64, err error) {
	x := exchange{
		doing: doing, method: http.MethodGet, path: path,
		header: map[string]string{"Range": fmt.Sprintf("bytes=%d-%d", offset, offset+length-1)},
	}
	got, err := c.do(ctx, x)
	if err != nil {
		return nil, 0, err
	}
	if got.status == http.StatusOK && offset == 0 {
		return got.body, int64(len(got.body)), nil
	}
	_, total, found := strings.Cut(got.header.Get("Content-Range"), "/")
	size, err = strconv.ParseInt(total, 10, 64)
	if got.status != http.StatusPartialContent || !found || err != nil || int64(len(got.body)) > length || len(got.body) == 0 {
		return nil, 0, failed(doing, BadAnswer, fmt.Errorf("status %d, range %q", got.status, got.header.Get("Content-Range")))
	}
	return got.body, size, nil
}

// telling is the header that tells of a device's epochs.
func telling(epochs []delivery.EpochNumbers) map[string]string {
	if len(epochs) == 0 {
		return nil
	}
	return map[string]string{protocol.EpochsHeader: protocol.WriteEpochs(epochs)}
}

func (c *Client) page(ctx context.Context, doing, path string, query map[string]string, epochs []delivery.EpochNumbers) (protocol.PullAnswer, error) {
	var a protocol.PullAnswer
	err := c.exchangeJSON(ctx, exchange{doing: doing, method: http.MethodGet, path: path, query: given(query), header: telling(epochs)}, &a)
	return a, err
}

func (c *Client) get(ctx context.Context, doing, path string, query map[string]string, into any) error {
	return c.exchangeJSON(ctx, exchange{doing: doing, method: http.MethodGet, path: path, query: given(query)}, into)
}

// given is the query without what is empty.
func given(query map[string]string) map[string]string {
	left := make(map[string]string, len(query))
	for name, value := range query {
		if value != "" {
			left[name] = value
		}
	}
	return left
}

func (c *Client) post(ctx context.Context, doing, path string, request, into any) error {
	return c.postWith(ctx, doing, path, nil, request, into)
}

func (c *Client) postWith(ctx context.Context, doing, path string, header map[string]string, request, into any) error {
	body, err := json.Marshal(request)
	if err != nil {
		return failed(doing, Storage, err)
	}
	return c.exchangeJSON(ctx, exchange{doing: doing, method: http.MethodPost, path: path, body: body, header: header}, into)
}

func (c *Client) exchangeJSON(ctx context.Context, x exchange, into any) error {
	got, err := c.do(ctx, x)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(got.body, into); err != nil {
		return failed(x.doing, BadAnswer, err)
	}
	return nil
}
