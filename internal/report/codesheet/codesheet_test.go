package codesheet

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
)

func sheet(cards int) Sheet {
	s := Sheet{Title: "Codes", Made: time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC), Regular: goregular.TTF, Bold: gobold.TTF}
	for n := range cards {
		s.Cards = append(s.Cards, Card{
			Code: fmt.Sprintf("ABCD-%04d", n), Link: fmt.Sprintf("https://central.example.org/enrol#ABCD-%04d", n), For: "0417",
			Lines: []string{"Enquête de sortie", "https://central.example.org", "Une fois, jusqu’à demain 18:00"},
		})
	}
	return s
}

func TestEveryCodeIsOnPaper(t *testing.T) {
	t.Parallel()
	for cards, pages := range map[int]int{1: 1, 8: 1, 9: 2} {
		data, err := sheet(cards).PDF()
		if err != nil {
			t.Fatal(err)
		}
		r, err := pdf.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		if n := r.NumPage(); n != pages {
			t.Errorf("%d cards on %d pages, want %d", cards, n, pages)
		}
		plain, err := r.GetPlainText()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(plain)
		if err != nil {
			t.Fatal(err)
		}
		for n := range cards {
			if !strings.Contains(string(text), fmt.Sprintf("ABCD-%04d", n)) {
				t.Errorf("card %d of %d is not there", n, cards)
			}
		}
		if !strings.Contains(string(text), "https://central.example.org") {
			t.Error("the address is not there")
		}
	}
}

func TestTheSameSheetIsTheSameFile(t *testing.T) {
	t.Parallel()
	a, err := sheet(2).PDF()
	if err != nil {
		t.Fatal(err)
	}
	b, err := sheet(2).PDF()
	if err != nil || !bytes.Equal(a, b) {
		t.Error("two files differ", err)
	}
	other := sheet(2)
	other.Cards[0].Link += "X"
	if c, err := other.PDF(); err != nil || bytes.Equal(a, c) {
		t.Error("the link is not drawn", err)
	}
}

func TestALinkTooLongForAQRCodeIsRefused(t *testing.T) {
	t.Parallel()
	s := sheet(1)
	s.Cards[0].Link = strings.Repeat("x", 5000)
	if _, err := s.PDF(); err == nil {
		t.Error("it was drawn")
	}
}
