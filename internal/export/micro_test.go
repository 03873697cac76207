package export

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"parvis/internal/interview"
)

func BenchmarkReadInterview(b *testing.B) {
	body := bodyOf(b, exitInterview(rand.New(rand.NewPCG(1, 2))))
	var s scanner
	var row interviewRow
	b.Run("scanner", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if err := readInterview(&s, body, &row); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		for b.Loop() {
			var w interview.Interview
			if err := json.Unmarshal(body, &w); err != nil {
				b.Fatal(err)
			}
		}
	})
	r := newRenderer(newLayout(NewDictionary([]*Questionnaire{exitQuestionnaire()})), Params{Study: exitStudy()})
	b.Run("render", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			for _, s := range r.sheets() {
				s.buf = s.buf[:0]
			}
			r.add(KindInterview, "x", body)
		}
	})
}
