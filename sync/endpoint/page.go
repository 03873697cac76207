package endpoint

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/text/language"

	"parvis/assets"
)

// The few pages that central shows to a person's browser. They fetch nothing from anywhere, and say so to the browser: their script and
// style stand in them and are allowed by their sums.

//go:embed pages
var pageFiles embed.FS

// pages makes them.
type pages struct {
	frame         *template.Template
	style, script string
	policy        string
	languages     []string
	matcher       language.Matcher
	words         map[string]map[string]string
}

// pageWord is how the interface's texts for pages are called.
const pageWord = "page."

// readPages reads what the program carries, once for every endpoint of a process.
var readPages = sync.OnceValues(newPages)

func newPages() (*pages, error) {
	p := &pages{languages: []string{"en", "fr", "nl"}, words: map[string]map[string]string{}}
	style, err := pageFiles.ReadFile("pages/page.css")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	script, err := pageFiles.ReadFile("pages/enrol.js")
	if err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	p.style, p.script = string(style), string(script)
	p.policy = fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'", sourceOf(p.style), sourceOf(p.script))
	if p.frame, err = template.ParseFS(pageFiles, "pages/frame.html", "pages/enrol.html"); err != nil {
		return nil, fmt.Errorf("reading the pages: %w", err)
	}
	var tags []language.Tag
	for _, name := range p.languages {
		tags = append(tags, language.Make(name))
		if p.words[name], err = pageWords(name); err != nil {
			return nil, err
		}
	}
	p.matcher = language.NewMatcher(tags)
	return p, nil
}

// sourceOf allows exactly this text, and no other, to be run or shown.
func sourceOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func pageWords(name string) (map[string]string, error) {
	raw, err := assets.Translations.ReadFile("translations/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("reading the texts of pages: %w", err)
	}
	var all map[string]any
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, fmt.Errorf("reading the texts of pages: %w", err)
	}
	words := map[string]string{}
	for key, value := range all {
		if text, ok := value.(string); ok && strings.HasPrefix(key, pageWord) {
			words[strings.TrimPrefix(key, pageWord)] = text
		}
	}
	return words, nil
}

// languageOf is the one of ours that the browser's person likes best.
func (p *pages) languageOf(r *http.Request) string {
	header := r.Header.Get("Accept-Language")
	if len(header) > 512 {
		return p.languages[0]
	}
	_, at := language.MatchStrings(p.matcher, header)
	return p.languages[at]
}

// show answers with a page: that of enrolling, or one that says something, which a text of the interface names.
func (p *pages) show(c *call, status int, say string) error {
	name := p.languageOf(c.r)
	words := p.words[name]
	var out bytes.Buffer
	// Both texts are this program's own, so they may stand in the page as they are.
	err := p.frame.ExecuteTemplate(&out, "frame.html", struct {
		Lang, Said string
		T          map[string]string
		Style      template.CSS
		Script     template.JS
	}{name, words[say], words, template.CSS(p.style), template.JS(p.script)})
	if err != nil {
		return fmt.Errorf("writing a page: %w", err)
	}
	h := c.w.Header()
	h.Set("Content-Security-Policy", p.policy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Language", name)
	h.Add("Vary", "Accept-Language")
	return c.send(status, "text/html; charset=utf-8", out.Bytes())
}

// enrolPage is for a person whose camera opened what a QR code says. The code stays in the browser.
func (e *Endpoint) enrolPage(c *call) error { return e.pages.show(c, http.StatusOK, "") }
