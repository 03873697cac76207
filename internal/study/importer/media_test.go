package importer

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
)

func pictureBytes(t *testing.T, format string, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	p := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	var err error
	switch format {
	case "png":
		err = png.Encode(&b, p)
	case "gif":
		err = gif.Encode(&b, p, nil)
	case "jpeg":
		err = jpeg.Encode(&b, p, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shows is a study whose second question shows a file.
func shows(kind, file string) map[string]string {
	return map[string]string{"survey": "| survey |\n| | type | name | label | media::" + kind + " |\n| | text | a | A? | |\n| | text | b | B? | " + file + " |\n",
		"study": "", "sites": "", "quotas": "", "alerts": "", "choices": "", "settings": ""}
}

func TestMedia(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{
		"good.png":    {Data: pictureBytes(t, "png", 20, 10)},
		"good.jpg":    {Data: pictureBytes(t, "jpeg", 20, 10)},
		"still.gif":   {Data: pictureBytes(t, "gif", 20, 10)},
		"vast.png":    {Data: pictureBytes(t, "png", 200, 100)},
		"note.png":    {Data: []byte("this is text")},
		"heavy.png":   {Data: bytes.Repeat([]byte("x"), 5000)},
		"sub/out.png": {Data: pictureBytes(t, "png", 20, 10)},
	}
	for _, c := range []struct{ kind, file, rule string }{
		{"image", "good.png", ""},
		{"image", "good.jpg", ""},
		{"image", "still.gif", "study-picture-still"},
		{"image", "vast.png", "study-picture-size"},
		{"image", "note.png", "study-picture"},
		{"image", "heavy.png", "study-media"},
		{"image", "Good.png", "study-media-missing"},
		{"image", "../good.png", "study-media"},
		{"image", "sub/out.png", "study-media"},
		{"audio", "hello.mp3", "study-not-played"},
	} {
		pkg, ds := read(t, shows(c.kind, c.file), files)
		switch w := own(ds); {
		case c.rule == "":
			if len(w) > 0 || pkg == nil || len(pkg.Media[c.file]) == 0 || pkg.Study.Media[0].SHA256 != hashOf(pkg.Media[c.file]) || pkg.Study.Media[0].Size != int64(len(pkg.Media[c.file])) {
				t.Errorf("%s: %v", c.file, ds)
			}
		case len(w) != 1 || w[0].Rule != c.rule || w[0].Row != 3 || w[0].Column != "media::"+c.kind || w[0].Remedy == "":
			t.Errorf("%s: got %+v, want %s at row 3", c.file, w, c.rule)
		}
	}
	if _, ds := read(t, shows("image", "good.png"), nil); len(own(ds)) != 1 {
		t.Errorf("without any folder: %v", ds)
	}
}

func TestMediaTogetherHaveALimit(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{}
	noise := pictureBytes(t, "png", 10, 10)
	survey := "| survey |\n| | type | name | label | media::image |\n"
	for _, n := range []string{"a", "b", "c", "d"} {
		files[n+".png"] = &fstest.MapFile{Data: append(noise[:len(noise):len(noise)], bytes.Repeat([]byte(n), 2500)...)}
		survey += "| | text | " + n + " | Q | " + n + ".png |\n"
	}
	sheets := shows("image", "")
	sheets["survey"] = survey
	pkg, ds := read(t, sheets, files)
	if w := own(ds); pkg != nil || len(w) != 1 || w[0].Rule != "study-media-total" {
		t.Errorf("got %v", ds)
	}
}

func TestBesideLooksInThreeFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) {
		p := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(p, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("study/study/a.png", "own folder")
	put("study/study-media/a.png", "second")
	put("study/study-media/b.png", "media folder")
	put("study/c.png", "beside")
	put("secret.png", "outside")
	if err := os.Symlink(filepath.Join(dir, "secret.png"), filepath.Join(dir, "study", "study", "link.png")); err != nil {
		t.Fatal(err)
	}
	in := &importer{files: Beside(filepath.Join(dir, "study", "study.xlsx")), limits: Limits{}.withDefaults()}
	for name, want := range map[string]string{"a.png": "own folder", "b.png": "media folder", "c.png": "beside"} {
		if got, err := in.load(name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	for _, name := range []string{"link.png", "../secret.png", "study", "none.png", "", "."} {
		if got, err := in.load(name); err == nil || strings.Contains(err.Error(), dir) {
			t.Errorf("%q: got %q, error %v: want a refusal that does not name the folder", name, got, err)
		}
	}
}
