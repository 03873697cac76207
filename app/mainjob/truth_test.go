package mainjob

import (
	"bufio"
	"encoding/json"
	"os"
	"testing"
)

// told is one thing the interviewer did, written down outside the app: the truth the data are compared with.
type told struct {
	// Interview counts the interviews begun on the device, from 1; 0 for a contact that led to none.
	Interview int `json:"interview"`
	// Given are the stored values by question.
	Given map[string]string `json:"given,omitempty"`
	// Disposition is the AAPOR code the outcome must have; empty while the interview goes on.
	Disposition string `json:"disposition,omitempty"`
	Language    string `json:"language,omitempty"`
	// Void is why the interview must not count.
	Void string `json:"void,omitempty"`
	// Cues are the observations tapped, Passed the persons counted.
	Cues   []string `json:"cues,omitempty"`
	Passed int      `json:"passed,omitempty"`
	// Corrections is how often the interview was changed after it had ended.
	Corrections int `json:"corrections,omitempty"`
	// Guess is the estimate of somebody who gave no interview, as "female 35_54"; Why is why nobody was approached.
	Guess string `json:"guess,omitempty"`
	Why   string `json:"why,omitempty"`
}

// truth is appended to a file and forced to the disk, because the process that writes it is going to be killed.
type truth struct{ path string }

func (tr truth) tell(one told) error {
	f, err := os.OpenFile(tr.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	line, err := json.Marshal(one)
	if err != nil {
		return err
	}
	if _, err := f.Write(append(line, '\n')); err != nil {
		return err
	}
	return f.Sync()
}

// read joins what was told: interviews by number, and contacts that led to none.
func (tr truth) read(t *testing.T) (interviews map[int]*told, contacts []told) {
	t.Helper()
	f, err := os.Open(tr.path)
	must(t, err)
	defer f.Close()
	interviews = map[int]*told{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var one told
		must(t, json.Unmarshal(lines.Bytes(), &one))
		if one.Interview == 0 {
			contacts = append(contacts, one)
			continue
		}
		known := interviews[one.Interview]
		if known == nil {
			known = &told{Given: map[string]string{}}
			interviews[one.Interview] = known
		}
		for name, value := range one.Given {
			known.Given[name] = value
		}
		known.Cues = append(known.Cues, one.Cues...)
		if one.Disposition != "" {
			known.Disposition = one.Disposition
		}
		known.Corrections += one.Corrections
		if one.Void != "" {
			known.Void = one.Void
		}
		if one.Guess != "" {
			known.Guess = one.Guess
		}
		if one.Language != "" {
			known.Language = one.Language
		}
	}
	must(t, lines.Err())
	return interviews, contacts
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
