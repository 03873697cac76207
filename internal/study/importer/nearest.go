package importer

import "fmt"

// nearest is the known word most like one that was written, if any is like enough to be meant.
func nearest(word string, known []string) (string, bool) {
	best, least := "", 3
	if len(word) <= 3 {
		least = 2
	}
	for _, k := range known {
		if d := distance([]rune(word), []rune(k)); d < least {
			best, least = k, d
		}
	}
	return best, best != ""
}

func remedyNearest(word string, known []string, otherwise string) string {
	if k, ok := nearest(word, known); ok {
		return fmt.Sprintf("Did you mean %s?", k)
	}
	return otherwise
}

// distance counts the letters to insert, delete or change to make one word the other (Levenshtein).
func distance(a, b []rune) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		diagonal := row[0]
		row[0] = i + 1
		for j := range b {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
