package centralstore

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"parvis/internal/delivery"
)

// bucketServer is a small S3 over real HTTP, with a bucket named parvis.
func bucketServer(t *testing.T) (address string) {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("parvis"); err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(s.Close)
	t.Setenv("AWS_ACCESS_KEY_ID", "KEY")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "SECRET")
	return "s3://" + strings.TrimPrefix(s.URL, "http://") + "/parvis/central?insecure=true&region=eu-west-1"
}

// Two centrals share one bucket: what one has taken in the other one serves, and neither keeps a file of its own.
func TestFilesLieInABucket(t *testing.T) {
	ctx, address := context.Background(), bucketServer(t)
	c := &central{dir: t.TempDir(), db: database(t), media: address}
	c.clock.Store(start.UnixMilli())
	c.Store = c.open(t)
	second := c.open(t)
	p := c.study(t, "mall")
	d := c.device(t, "0417", "mall")
	file, err := second.OpenFile(ctx, d.Principal, p.Study.Media[0].SHA256)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.Seek(2, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(file); err != nil || string(got) != "picture of mall" {
		t.Errorf("%q, %v", got, err)
	}
	body := []byte("a picture of a shelf")
	for i, at := range []Store{c.Store, second} { // each takes one half
		from, to := i*10, (i+1)*10
		if _, err := at.PutAttachment(ctx, d.part(body, from, to)); err != nil {
			t.Fatal(err)
		}
	}
	if state, err := c.HaveAttachment(ctx, d.Principal, "mall", delivery.Sum(body)); err != nil || !state.Complete {
		t.Errorf("%+v, %v", state, err)
	}
	if _, err := c.insides().pictures.open(ctx, strings.Repeat("0", 64)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	r := movedTo(t, c, address)
	if _, err := r.insides().pictures.open(ctx, delivery.Sum(body)); err != nil {
		t.Error("the restored central lacks the picture:", err)
	}
	entries, err := os.ReadDir(c.dir)
	for _, e := range entries {
		if e.IsDir() {
			t.Errorf("%s lies in the data folder", e.Name())
		}
	}
	if err != nil {
		t.Error(err)
	}
}

func movedTo(t *testing.T, c *central, media string) *central {
	t.Helper()
	r := &central{dir: t.TempDir(), db: database(t), media: strings.Replace(media, "/central?", "/other?", 1)}
	r.clock.Store(start.UnixMilli())
	if _, _, err := Restore(context.Background(), r.params(t), opener(c.backup(t))); err != nil {
		t.Fatal(err)
	}
	r.Store = r.open(t)
	return r
}

func TestABucketIsCheckedBeforeCentralServes(t *testing.T) {
	address := bucketServer(t)
	for name, bad := range map[string]string{
		"another bucket": strings.Replace(address, "/parvis/", "/other/", 1), "no bucket": "s3://localhost", "keys in the address": "s3://key:secret@localhost/parvis",
	} {
		c := &central{dir: t.TempDir(), media: bad}
		_, err := Open(context.Background(), c.params(t))
		if err == nil || strings.Contains(err.Error(), "secret@") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
