package protocol

import (
	"net/url"
	"regexp"
	"strings"
)

// EnrolLink is one text that says where and with which code a device enrols, as a QR code carries it. The code stands in the fragment,
// which no browser sends anywhere.
func EnrolLink(central, code string) string {
	return strings.TrimRight(central, "/") + PathEnrolPage + "#" + code
}

var enrolLink = regexp.MustCompile(`(?i)(https?://[^\s#]+)/enrol/?#([0-9a-z]{4}[ -]?[0-9a-z]{4})`)

// ReadEnrolLink finds such a text in what was pasted, with whatever stands around it; ok is false where there is none.
func ReadEnrolLink(pasted string) (central, code string, ok bool) {
	const longest = 4096
	if len(pasted) > longest {
		return "", "", false
	}
	// Apps that pass texts on may escape the fragment.
	found := enrolLink.FindStringSubmatch(strings.NewReplacer("%23", "#", "%20", " ").Replace(pasted))
	if found == nil {
		return "", "", false
	}
	u, err := url.Parse(found[1])
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" {
		return "", "", false
	}
	u.Host = strings.ToLower(u.Host) // a keyboard of capitals changes nothing
	return u.String(), strings.ToUpper(found[2]), true
}
