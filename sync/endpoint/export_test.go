package endpoint

import (
	"maps"
	"slices"

	"parvis/internal/centralstore"
)

// Declaration is what a route says of one of its methods.
type Declaration struct {
	Path, Method             string
	Anyone, Device, Declared bool
	Least                    centralstore.Role
	Within                   string
}

// Declarations lists what every route declares, for the tests that hold central's answers and its document against it.
func (e *Endpoint) Declarations() []Declaration {
	var all []Declaration
	for _, r := range e.routes() {
		for _, name := range slices.Sorted(maps.Keys(r.methods)) {
			a := r.methods[name].access
			all = append(all, Declaration{
				Path: r.path, Method: name, Anyone: a.anyone, Device: a.device, Declared: a.declared(), Least: a.least, Within: string(a.within),
			})
		}
	}
	return all
}

// UsualLimits are the defaults.
func UsualLimits() Limits { return Limits{}.complete() }
