package letters

import (
	"slices"
	"strings"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/fieldstore/desk"
)

func TestWhatCanBeSent(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"": false, " \n ": false, " South door. ": true, strings.Repeat("é", delivery.MostMessage): true, strings.Repeat("é", delivery.MostMessage+1): false,
	} {
		if _, ok := (Letter{Text: text}).Request("mall"); ok != want {
			t.Errorf("%.20q: %v", text, ok)
		}
	}
	r, _ := Letter{Text: " South door. ", To: "0417"}.Request("mall")
	if r.Text != "South door." || r.Interviewer != "0417" || r.Study != "mall" {
		t.Errorf("%+v", r)
	}
}

func TestOneWritesToThoseWhoCanReadIt(t *testing.T) {
	t.Parallel()
	got := Recipients([]desk.Interviewer{
		{Interviewer: "0417", Devices: []delivery.DeviceState{{Revoked: true}, {}}}, {Interviewer: "0418", Devices: []delivery.DeviceState{{Revoked: true}}},
		{Interviewer: "0423"}, {Interviewer: "0430", Devices: []delivery.DeviceState{{}}},
	})
	if !slices.Equal(got, []string{"0417", "0430"}) {
		t.Errorf("%v", got)
	}
}
