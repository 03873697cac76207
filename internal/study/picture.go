package study

import (
	"slices"
	"strings"

	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// TakesPicture tells whether an upload is answered with a picture from a file. What is to be drawn on the screen is not.
func TakesPicture(mediaType string, appearance []string) bool {
	if kind, _, _ := strings.Cut(mediaType, "/"); kind != "image" {
		return false
	}
	return !slices.ContainsFunc([]string{"draw", "signature", "annotate"}, func(a string) bool { return slices.Contains(appearance, a) })
}

// MaxPixels is the standard's limit of a picture's longer edge, as text; "" where the question has none.
func MaxPixels(q xform.Question) string {
	return q.Attrs[xmltree.Name{Space: "http://openrosa.org/xforms", Local: "max-pixels"}]
}
