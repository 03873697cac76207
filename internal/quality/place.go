package quality

import "math"

// Point is a place on Earth in degrees (WGS 84), Accuracy in metres, 0 where it is not known.
type Point struct {
	Lat      float64 `json:"lat"`
	Lon      float64 `json:"lon"`
	Accuracy float64 `json:"acc,omitempty"`
}

// earth is its mean radius in metres (IUGG).
const earth = 6_371_008.8

// metres is the great-circle distance (haversine; Sinnott, "Virtues of the Haversine", 1984).
func metres(a, b Point) float64 {
	rad := func(deg float64) float64 { return deg * math.Pi / 180 }
	lat, lon := math.Sin(rad(b.Lat-a.Lat)/2), math.Sin(rad(b.Lon-a.Lon)/2)
	h := lat*lat + math.Cos(rad(a.Lat))*math.Cos(rad(b.Lat))*lon*lon
	return 2 * earth * math.Asin(math.Sqrt(min(1, h)))
}

// PlaceOf reads a study's location, "50.85 4.35"; ok is false where there is none.
func PlaceOf(location string) (p Point, ok bool) {
	at := point(location)
	if at == nil {
		return p, false
	}
	return *at, true
}
