package tour

import (
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"parvis/app/look"
	"parvis/sync/protocol"
)

// order is a central that has one answer to everything: the study's owner wants this device erased.
type order struct{}

func (order) RoundTrip(r *http.Request) (*http.Response, error) {
	header := http.Header{}
	header.Set("Content-Type", protocol.ContentProblem)
	header.Set(protocol.VersionHeader, strconv.Itoa(protocol.Version))
	body := `{"title":"The owner of the study ordered this device to be erased.","status":401,"code":"erase"}`
	return &http.Response{StatusCode: http.StatusUnauthorized, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
}

// TestTourErased shows what is left after the study's owner had a device erased: a page, and no file.
func TestTourErased(t *testing.T) {
	out := os.Getenv("TOUR")
	for lang, text := range map[string]look.TextSize{"fr": look.Largest, "nl": look.Normal} {
		t.Run(lang, func(t *testing.T) {
			d := newDevice(t, lang, sizes[0], look.Light, text)
			d.net = order{}
			w := &walk{d: d, t: t, ctx: context.Background(), out: filepath.Join(out, "erased-"+lang), taking: out != ""}
			must(t, d.store.SetPIN(w.ctx, devicePIN))
			d.enrolled("mall-exit")
			w.restarted()
			w.tap("today.send_now")
			must(t, d.robot.See(w.ctx, d.app.Shell().Words().T("error.erased_do")))
			w.picture("erased")
			if _, err := os.Stat(d.path); !os.IsNotExist(err) {
				t.Errorf("the file is still there: %v", err)
			}
			if names := d.robot.Names(); len(names) > 0 {
				t.Errorf("one can still tap %q", names)
			}
		})
	}
}
