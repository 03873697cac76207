package study

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// UsualBackCheckShare is the share of the interviews of each interviewer, in percent, that are called back where the study does not say.
const UsualBackCheckShare = 10

// BackCheckPercent is the share of the complete interviews of each interviewer that are to be called back, 0 to 100 percent.
func (s *Study) BackCheckPercent() int {
	if s.BackCheckShare == nil {
		return UsualBackCheckShare
	}
	return min(max(*s.BackCheckShare, 0), 100)
}

// MostDraw is beyond the highest number that Draw gives.
const MostDraw = 1_000_000

// Draw is an interview's lot, 0 to MostDraw-1: an interview is to be called back where its lot lies below the study's share of MostDraw.
//
// The lot is the first eight bytes, as a big-endian number, of the SHA-256 of the study's id, the interviewer's code and the
// interview's id, with a zero byte between, modulo MostDraw. It depends on nothing else: not on which interviews came first, which
// laptop asks or when. So every laptop draws the same, anybody can draw again and compare, and what was drawn at 10 percent is among
// what is drawn at 20. Ids of interviews have 74 random bits, so within each interviewer the drawn ones are a random sample whose size
// varies about the share as that of coin tosses does.
func Draw(study, interviewer, interview string) int64 {
	sum := sha256.Sum256([]byte(strings.Join([]string{study, interviewer, interview}, "\x00")))
	return int64(binary.BigEndian.Uint64(sum[:8]) % MostDraw)
}

// DrawBelow is the bound of the lots that are drawn.
func (s *Study) DrawBelow() int64 { return int64(s.BackCheckPercent()) * (MostDraw / 100) }
