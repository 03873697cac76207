package xpath

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"time"

	"parvis/internal/xmltree"

	"github.com/google/uuid"
)

// World is an [Env] whose fields may all be left out: the clock of the machine,
// UTC, system randomness, and no instances, texts or properties.
type World struct {
	Clock      func() time.Time
	Zone       *time.Location
	Rand       func() float64 // in [0, 1)
	NewUUID    func() string
	Instances  map[string]*xmltree.Node
	Texts      map[string]string
	Properties map[string]string
	Lang       string
}

// Now returns the time of Clock.
func (w World) Now() time.Time {
	if w.Clock != nil {
		return w.Clock()
	}
	return time.Now()
}

// Location returns Zone, by default UTC.
func (w World) Location() *time.Location {
	if w.Zone != nil {
		return w.Zone
	}
	return time.UTC
}

// Random returns a number in [0, 1).
func (w World) Random() float64 {
	if w.Rand != nil {
		return w.Rand()
	}
	var b [8]byte
	if _, err := rand.Read(b[:]); err != nil {
		panic("the system has no randomness: " + err.Error())
	}
	return float64(binary.LittleEndian.Uint64(b[:])>>11) / (1 << 53)
}

// UUID returns a random UUID.
func (w World) UUID() string {
	if w.NewUUID != nil {
		return w.NewUUID()
	}
	return uuid.NewString()
}

// Instance returns one of Instances.
func (w World) Instance(id string) (*xmltree.Node, error) {
	if n := w.Instances[id]; n != nil {
		return n, nil
	}
	return nil, fmt.Errorf("there is no instance %q", id)
}

// Text returns one of Texts.
func (w World) Text(id string) (string, bool) { s, ok := w.Texts[id]; return s, ok }

// ChoiceName knows no choices.
func (w World) ChoiceName(_ *Context, value, ref string) (string, error) {
	return "", fmt.Errorf("the choices of %s are not known here", ref)
}

// Property returns one of Properties.
func (w World) Property(name string) (string, bool) { s, ok := w.Properties[name]; return s, ok }

// Language returns Lang.
func (w World) Language() string { return w.Lang }

// Call knows no further functions.
func (w World) Call(string, *Context, []Value) (Value, bool, error) { return Value{}, false, nil }
