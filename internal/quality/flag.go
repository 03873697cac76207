package quality

// Kind is why work deserves a look. Labels stand in the interface's texts as quality.<kind>.
type Kind string

// The kinds, in the order in which one reads them.
const (
	Overlap       Kind = "overlap"        // two interviews at once
	ImpossibleWay Kind = "travel"         // two places too far apart for the time between
	FarFromSite   Kind = "far_from_site"  // the device was elsewhere
	OutsideShift  Kind = "outside_shift"  // begun outside the shift
	Ahead         Kind = "ahead"          // begun after central had it
	SamePatterns  Kind = "same_patterns"  // answers equal to those of another interview
	Repeated      Kind = "repeated_words" // verbatims word for word the same
	TooFast       Kind = "too_fast"       // less than the study's minimum
	Faster        Kind = "faster"         // the median length is far below colleagues'
	Slower        Kind = "slower"         // the median length is far above colleagues'
	TooSlow       Kind = "too_slow"       // interviews far longer than is usual
	StraightLines Kind = "straight_lines" // batteries answered in a straight line
	ShortVerbatim Kind = "short_words"    // verbatims of a word or two
	NoObserving   Kind = "no_observing"   // interviews without an observation
	BreakOffs     Kind = "break_offs"     // more are broken off than with colleagues
	BreakOffAt    Kind = "break_off_at"   // they are broken off at one question
	Pace          Kind = "pace"           // completes an hour
	Response      Kind = "response"       // response rate RR1
	Screening     Kind = "screening"      // contacts found not to belong to the study
)

// Kinds are all kinds in the order in which one reads them.
func Kinds() []Kind {
	return []Kind{
		Overlap, ImpossibleWay, FarFromSite, OutsideShift, Ahead, SamePatterns, Repeated, TooFast, Faster, Slower, TooSlow, StraightLines,
		ShortVerbatim, NoObserving, BreakOffs, BreakOffAt, Pace, Response, Screening,
	}
}

// Unit is what Value, Median and MAD are measured in.
type Unit string

// The units.
const (
	Share        Unit = "share" // 0 to 1
	Milliseconds Unit = "ms"
	Metres       Unit = "m"   //
	Speed        Unit = "m/s" //
	PerHour      Unit = "h"   // completes an hour
)

// Statistic is what raised a flag.
type Statistic struct {
	Unit  Unit
	Value float64
	// K of N are concerned; N is what Value rests on.
	K, N int
	// Limit is the fixed limit that was passed, in Unit; 0 for none.
	Limit float64
	// Peers colleagues were compared with, at the same site where AtSite, else in the whole study; 0 for none.
	Peers  int
	AtSite bool
	// Median and MAD are the colleagues'; Z is how far the interviewer is from them in robust standard deviations, Threshold how far
	// is far.
	Median, MAD, Z, Threshold float64
	// P is the chance of so many by chance, Alpha the chance that counts as none; 0 for no such test.
	P, Alpha float64
}

// Flag is one reason to look at one interviewer's work.
type Flag struct {
	Kind        Kind
	Interviewer string
	Site        string
	// Question is a reference, for flags at a question.
	Question string
	Statistic
	// Interviews are those concerned, the first mostNamed; empty where it is about all of them.
	Interviews []string
}
