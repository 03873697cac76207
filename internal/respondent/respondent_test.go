package respondent_test

import (
	"bytes"
	"context"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/respondent"
	"parvis/internal/study/importer"
)

// Whatever the seed, respondents come to an end of the sample study, most of them to its last question.
func TestRespondentsGetThroughTheSampleStudy(t *testing.T) {
	const count = 24
	for _, seed := range []uint64{1, 2, 3} {
		pack, _, err := importer.File("../../assets/studies/mall-exit.xlsx", importer.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if err := respondent.Practice(pack, "practice", "Practice"); err != nil {
			t.Fatal(err)
		}
		list, err := respondent.Interviews(context.Background(), respondent.Params{Study: pack, Count: count, Seed: seed, Dir: t.TempDir()})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		complete := 0
		for _, r := range list {
			if r.Study != "practice" {
				t.Errorf("seed %d: an interview of the study %s", seed, r.Study)
			}
			if bytes.Contains(r.Body, []byte(`"disposition":"1.0"`)) {
				complete++
			}
		}
		if len(list) != count || complete < count/4 || complete == count {
			t.Errorf("seed %d: %d interviews, %d complete", seed, len(list), complete)
		}
	}
}

func TestAgainIsAnotherRecordWithASumOfItsOwn(t *testing.T) {
	r := delivery.Record{ID: "one", Epoch: "e", Seq: 1, Body: []byte(`{"id":"one"}`)}
	r.SHA256 = delivery.Sum(r.Body)
	got := respondent.Again(r, "f", 7)
	if got.ID == r.ID || got.Epoch != "f" || got.Seq != 7 || got.SHA256 != delivery.Sum(got.Body) || !bytes.Contains(got.Body, []byte(got.ID)) {
		t.Errorf("%+v", got)
	}
	if string(r.Body) != `{"id":"one"}` {
		t.Error("the first one was changed")
	}
}
