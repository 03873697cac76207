// Package position asks the device where it is, where the system lets the toolkit ask: on Android, for the last location the system
// knows, which takes no battery and no waiting. It knows the system; it must not know questions, studies or screens.
package position

import (
	"errors"
	"time"
)

// What a caller can act on.
var (
	// ErrNotAllowed: the person has not allowed the app to know where the device is. On Android they have just been asked.
	ErrNotAllowed = errors.New("the app may not know where the device is")
	// ErrUnknown: the device does not know where it is.
	ErrUnknown = errors.New("the device does not know where it is")
)

// Position is where the device was when it last knew.
type Position struct {
	Latitude, Longitude float64 // decimal degrees, WGS 84
	Accuracy            float64 // radius in metres within which it is with 68 % probability; 0 where the system did not say
	At                  time.Time
}
