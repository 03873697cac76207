package agent_test

import (
	"bytes"
	"context"
	"testing"

	"parvis/internal/delivery"
	"parvis/internal/respondent"
	"parvis/internal/seal"
	"parvis/internal/study/importer"
)

const sample = "../../assets/studies/mall-exit.xlsx"

// sampled are interviews of the sample study, as an interviewer would have conducted them, as records of their own.
type sampled struct {
	pack    *importer.Package
	records []delivery.Record
}

// sampleInterviews conducts count interviews over the sample workbook.
func sampleInterviews(t testing.TB, count int, seed uint64) sampled {
	t.Helper()
	pack, _, err := importer.File(sample, importer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	pack.Study.Recipients = []string{pair.Recipient}
	records, err := respondent.Interviews(context.Background(), respondent.Params{Study: pack, Count: count, Seed: seed, Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	return sampled{pack, records}
}

// complete are the interviews that went to their end.
func (s sampled) complete() []delivery.Record {
	var all []delivery.Record
	for _, r := range s.records {
		if bytes.Contains(r.Body, []byte(`"disposition":"1.0"`)) {
			all = append(all, r)
		}
	}
	return all
}
