package fieldapp

import (
	"fmt"

	"parvis/app/position"
)

// locate gives a question the device's position as a geopoint; nil where the device cannot tell.
func (a *App) locate() func() (string, error) {
	if a.p.Locate == nil {
		return nil
	}
	return func() (string, error) {
		at, err := a.p.Locate()
		if err != nil {
			return "", err
		}
		return geopoint(at), nil
	}
}

// geopoint is latitude, longitude, altitude and accuracy as the standard has them; the altitude is not known.
func geopoint(p position.Position) string {
	return fmt.Sprintf("%.6f %.6f 0 %.1f", p.Latitude, p.Longitude, p.Accuracy)
}
