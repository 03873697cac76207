package protocol_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"parvis/sync/protocol"
)

func TestEpochsAreReadAsTheyWereWritten(t *testing.T) {
	t.Parallel()
	told := []protocol.EpochNumbers{{Epoch: "0197f3a2-8c1e", High: 12, Visit: "3-9f0c"}, {Epoch: "b"}, {Epoch: "c", High: 1 << 40}}
	text := protocol.WriteEpochs(told)
	if want := "0197f3a2-8c1e;high=12;visit=3-9f0c, b;high=0, c;high=1099511627776"; text != want {
		t.Errorf("%q", text)
	}
	if diff := cmp.Diff(told, protocol.ReadEpochs(text)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]protocol.EpochNumbers{{Epoch: "a", High: 3}}, protocol.ReadEpochs("a;colour=red;high=3;later")); diff != "" {
		t.Errorf("what a newer version says more is passed over: %s", diff)
	}
	many := make([]protocol.EpochNumbers, 30)
	for i := range many {
		many[i].Epoch = "e"
	}
	if got := protocol.ReadEpochs(protocol.WriteEpochs(many)); len(got) != protocol.MaxEpochs {
		t.Errorf("%d epochs", len(got))
	}
	for _, text := range []string{
		"", ",", "a;high=-1", "a;high=x", "a b;high=1", "a;visit=\"", "ä;high=1", strings.Repeat("a", 65), strings.Repeat("a,", 21) + "a",
		"a;high=" + strings.Repeat("9", 30), strings.Repeat("a;high=1, ", 1000),
	} {
		if got := protocol.ReadEpochs(text); got != nil {
			t.Errorf("%.40q says %v", text, got)
		}
	}
}

func FuzzEpochs(f *testing.F) {
	f.Add("a;high=12;visit=3-9f0c, b;high=4")
	f.Add("a;;high=;visit=,")
	f.Fuzz(func(t *testing.T, text string) {
		told := protocol.ReadEpochs(text)
		if len(told) > protocol.MaxEpochs {
			t.Fatalf("%d epochs", len(told))
		}
		if diff := cmp.Diff(told, protocol.ReadEpochs(protocol.WriteEpochs(told))); diff != "" {
			t.Error(diff)
		}
	})
}
