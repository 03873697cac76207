package study

import "testing"

func TestParseLocation(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"50.8467 4.3525": "50.8467 4.3525", "50.8467, 4.3525": "50.8467 4.3525", "-33.9;151": "-33.9 151", " 0 0 ": "0 0", "90 -180": "90 -180",
		"": "", "50.8": "", "91 4": "", "50 181": "", "north 4": "", "NaN 4": "", "50 4 12": "", "50,8467 4,3525": "",
	} {
		if got, ok := ParseLocation(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %v", text, got, ok)
		}
	}
}
