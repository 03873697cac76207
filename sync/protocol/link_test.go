package protocol_test

import (
	"strings"
	"testing"

	"parvis/sync/protocol"
)

func TestEnrolLink(t *testing.T) {
	for _, tc := range []struct{ pasted, central, code string }{
		{protocol.EnrolLink("https://central.example.org", "ABCD-EFGH"), "https://central.example.org", "ABCD-EFGH"},
		{protocol.EnrolLink("https://central.example.org/parvis/", "ABCD-EFGH"), "https://central.example.org/parvis", "ABCD-EFGH"},
		{"  https://central.example.org/enrol#abcd-efgh\n", "https://central.example.org", "ABCD-EFGH"},
		{"Your code: https://central.example.org:8443/enrol#ABCDEFGH, until tonight", "https://central.example.org:8443", "ABCDEFGH"},
		{"https://central.example.org/enrol%23ABCD-EFGH", "https://central.example.org", "ABCD-EFGH"},
		{"HTTPS://CENTRAL.EXAMPLE.ORG/enrol/#ABCD EFGH", "https://central.example.org", "ABCD EFGH"},
		{"http://127.0.0.1:8080/enrol#ABCD-EFGH", "http://127.0.0.1:8080", "ABCD-EFGH"},
		{"https://central.example.org", "", ""},
		{"ABCD-EFGH", "", ""},
		{"https://central.example.org/enrol#ABC", "", ""},
		{"https://someone@central.example.org/enrol#ABCD-EFGH", "", ""},
		{"https://central.example.org/enrol?x=1#ABCD-EFGH", "", ""},
		{"ftp://central.example.org/enrol#ABCD-EFGH", "", ""},
		{"https:///enrol#ABCD-EFGH", "", ""},
		{"https://central.example.org/enrol#ABCD-EFGH" + strings.Repeat(" ", 5000), "", ""},
		{"", "", ""},
	} {
		central, code, ok := protocol.ReadEnrolLink(tc.pasted)
		if central != tc.central || code != tc.code || ok != (tc.code != "") {
			t.Errorf("%.80q: %q %q %v", tc.pasted, central, code, ok)
		}
	}
}

func FuzzReadEnrolLink(f *testing.F) {
	f.Add("https://central.example.org/enrol#ABCD-EFGH")
	f.Add("x https://[::1]:80/enrol%23abcdefgh y")
	f.Fuzz(func(t *testing.T, pasted string) {
		central, code, ok := protocol.ReadEnrolLink(pasted)
		if !ok {
			return
		}
		if again, same, ok := protocol.ReadEnrolLink(protocol.EnrolLink(central, code)); !ok || again != central || same != code {
			t.Errorf("%q: %q %q, then %q %q", pasted, central, code, again, same)
		}
	})
}
