package endpoint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/sync/protocol"
)

func TestChunksOfAFile(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	c.study(t, "fair")
	d := c.device(t, "mall")
	body := bytes.Repeat([]byte("0123456789"), 50_000)
	sum := delivery.Sum(body)
	put := func(sum, study string, size, offset int, chunk []byte) answer {
		return c.do(t, request{
			method: http.MethodPut, token: d.Token, body: chunk,
			path: fmt.Sprintf("%s%s?study=%s&size=%d&offset=%d", protocol.PathAttachment, sum, study, size, offset),
		})
	}
	for _, step := range []struct {
		doing   string
		got     answer
		status  int
		code    protocol.Code
		have    int64
		retry   bool
		content string
	}{
		{"the first", put(sum, "mall", len(body), 0, body[:200_000]), 200, "", 0, false, `{"have":200000}`},
		{"the first again", put(sum, "mall", len(body), 0, body[:200_000]), 409, protocol.CodeWrongOffset, 200_000, true, ""},
		{"a gap", put(sum, "mall", len(body), 300_000, body[300_000:]), 409, protocol.CodeWrongOffset, 200_000, true, ""},
		{"beyond the end", put(sum, "mall", 200_100, 200_000, body[200_000:201_000]), 400, protocol.CodeBadRequest, 0, false, ""},
		{"nothing", put(sum, "mall", len(body), 200_000, nil), 400, protocol.CodeBadRequest, 0, false, ""},
		{"another study", put(sum, "fair", len(body), 0, body[:10]), 403, protocol.CodeForbidden, 0, false, ""},
		{"no study", put(sum, "", len(body), 0, body[:10]), 403, protocol.CodeForbidden, 0, false, ""},
		{"no sum", put("..%2f..%2fcentral.sqlite", "mall", len(body), 0, body[:10]), 400, protocol.CodeBadRequest, 0, false, ""},
		{"too large", put(sum, "mall", protocol.MaxAttachment+1, 0, body[:10]), 413, protocol.CodeTooLarge, 0, false, ""},
		{"a long chunk", put(sum, "mall", len(body), 200_000, body[200_000:200_000+protocol.AttachmentChunk+1]), 413, protocol.CodeTooLarge, 0, false, ""},
		{"no number", put(sum, "mall", len(body), -1, body[:10]), 400, protocol.CodeBadRequest, 0, false, ""},
		{"the second", put(sum, "mall", len(body), 200_000, body[200_000:400_000]), 200, "", 0, false, `{"have":400000}`},
		{"the last", put(sum, "mall", len(body), 400_000, body[400_000:]), 200, "", 0, false, `{"have":500000,"complete":true}`},
		{"after the last", put(sum, "mall", len(body), 0, body[:10]), 200, "", 0, false, `{"have":500000,"complete":true}`},
		{"other bytes", put(strings.Repeat("0", 64), "mall", 10, 0, body[:10]), 422, protocol.CodeBadSum, 0, true, ""},
		{"other bytes again", put(strings.Repeat("0", 64), "mall", 10, 0, body[:10]), 422, protocol.CodeBadSum, 0, true, ""},
	} {
		if step.got.status != step.status {
			t.Errorf("%s: %s", step.doing, describe(step.got))
			continue
		}
		if step.status == 200 {
			if string(step.got.body) != step.content {
				t.Errorf("%s: %s", step.doing, describe(step.got))
			}
			continue
		}
		if p := step.got.problem(t); p.Code != step.code || p.Have != step.have || p.Retryable != step.retry {
			t.Errorf("%s: %+v", step.doing, p)
		}
	}
}

func TestHowMuchOfAFileThereIsOnlyItsDeviceIsTold(t *testing.T) {
	t.Parallel()
	c := newCentral(t, nil)
	first, second := c.device(t, "mall"), c.device(t, "mall")
	body := []byte("a picture of a shelf")
	path := protocol.PathAttachment + delivery.Sum(body)
	put := c.do(t, request{method: http.MethodPut, token: first.Token, body: body[:5], path: fmt.Sprintf("%s?study=mall&size=%d&offset=0", path, len(body))})
	if put.status != 200 {
		t.Fatal(describe(put))
	}
	for token, want := range map[string]int64{first.Token: 5, second.Token: 0} {
		var a protocol.AttachmentAnswer
		got := c.do(t, request{method: http.MethodGet, token: token, path: path + "/have?study=mall"})
		if err := json.Unmarshal(got.body, &a); err != nil || a.Have != want || a.Complete {
			t.Errorf("%s, want %d", describe(got), want)
		}
	}
	if got := c.do(t, request{method: http.MethodGet, path: path + "/have?study=mall"}); got.status != 401 {
		t.Errorf("a stranger is told %s", describe(got))
	}
}
