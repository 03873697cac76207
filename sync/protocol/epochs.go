package protocol

import (
	"strconv"
	"strings"
)

// MaxEpochs is how many epochs a device tells of at once, the latest of them.
const MaxEpochs = 20

// WriteEpochs writes the value of EpochsHeader: the present epoch first, then earlier ones, separated by commas, each with
// parameters behind semicolons, as in "id;high=12;visit=3-9f0c;after=2-77aa, id;high=40".
func WriteEpochs(epochs []EpochNumbers) string {
	var text strings.Builder
	for i, e := range epochs[:min(len(epochs), MaxEpochs)] {
		if i > 0 {
			text.WriteString(", ")
		}
		text.WriteString(e.Epoch + ";high=" + strconv.FormatInt(e.High, 10))
		if e.Visit != "" {
			text.WriteString(";visit=" + e.Visit)
		}
		if e.After != "" {
			text.WriteString(";after=" + e.After)
		}
	}
	return text.String()
}

// ReadEpochs reads what WriteEpochs wrote. Parameters it does not know are a newer version's and are passed over; a value that is
// no list of epochs says nothing.
func ReadEpochs(value string) []EpochNumbers {
	if value == "" || len(value) > MaxEpochs*256 {
		return nil
	}
	var epochs []EpochNumbers
	for item := range strings.SplitSeq(value, ",") {
		e, ok := readEpoch(strings.TrimSpace(item))
		if !ok || len(epochs) == MaxEpochs {
			return nil
		}
		epochs = append(epochs, e)
	}
	return epochs
}

func readEpoch(item string) (e EpochNumbers, ok bool) {
	name, parameters, _ := strings.Cut(item, ";")
	if e.Epoch = name; !token(name) {
		return e, false
	}
	for parameter := range strings.SplitSeq(parameters, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(parameter), "=")
		var err error
		switch key {
		case "high":
			e.High, err = strconv.ParseInt(value, 10, 64)
		case "visit":
			if e.Visit = value; !token(value) {
				return e, false
			}
		case "after":
			if e.After = value; !token(value) {
				return e, false
			}
		}
		if err != nil || e.High < 0 {
			return e, false
		}
	}
	return e, true
}

// token tells whether text is an identifier: letters, digits and dashes, no more than 64.
func token(text string) bool {
	if text == "" || len(text) > 64 {
		return false
	}
	for _, c := range []byte(text) {
		if !(c == '-' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z') {
			return false
		}
	}
	return true
}
