package xpath

import (
	"math"
	"strconv"
	"strings"
)

func geoFunctions() []builtin {
	return []builtin{
		{"area", 1, 1, area},
		{"enclosed-area", 1, 1, area},
		{"distance", 1, -1, distance},
		{"geofence", 2, 2, geofence},
		{"intersects", 1, 1, intersects},
	}
}

// earthRadius is the equatorial radius in metres that all implementations use.
const earthRadius = 6_378_100

// place is a point in degrees.
type place struct{ lat, lon float64 }

// parsePlace reads "latitude longitude [altitude [accuracy]]".
func parsePlace(s string) (place, bool) {
	parts := strings.Fields(s)
	if len(parts) < 2 || len(parts) > 4 {
		return place{}, false
	}
	var p [4]float64
	for i, part := range parts {
		f, err := strconv.ParseFloat(part, 64)
		if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
			return place{}, false
		}
		p[i] = f
	}
	return place{p[0], p[1]}, math.Abs(p[0]) <= 90 && math.Abs(p[1]) <= 180
}

// parsePlaces reads places with semicolons between.
func parsePlaces(s string) ([]place, bool) {
	var out []place
	for part := range strings.SplitSeq(s, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}
		p, ok := parsePlace(part)
		if !ok {
			return nil, false
		}
		out = append(out, p)
	}
	return out, true
}

// places reads points, traces and shapes from arguments on; nothing answered is
// no places. What is no place is an error, in the web dialect no places.
func (c *callExpr) places(ev *evaluator, f focus, from int) []place {
	var out []place
	for _, s := range c.texts(ev, f, from) {
		list, ok := parsePlaces(s)
		if !ok {
			if !ev.web() {
				c.fail(ev, "%q is not a place; expected latitude and longitude, places separated by ;", s)
			}
			return nil
		}
		out = append(out, list...)
		if !ev.tick(len(list)) {
			return nil
		}
	}
	return out
}

// metres rounds to the centimetre in the web dialect.
func metres(ev *evaluator, x float64) Value {
	if ev.web() {
		x = math.Round(x*100) / 100
	}
	return Number(x)
}

// area is the area of a shape in square metres: the polygon projected to the
// plane about its first point, each length of longitude shrunk by the cosine of
// its latitude.
func area(ev *evaluator, c *callExpr, f focus) Value {
	p := c.places(ev, f, 0)
	if len(p) < 3 {
		return Number(0)
	}
	if ev.web() {
		return metres(ev, sphericalArea(p))
	}
	perDegree := 2 * math.Pi * earthRadius / 360
	var sum, x0, y0 float64
	for _, q := range p[1:] {
		x := (q.lon - p[0].lon) * perDegree * math.Cos(q.lat*math.Pi/180)
		y := (q.lat - p[0].lat) * perDegree
		sum += (y0*x - x0*y) / 2
		x0, y0 = x, y
	}
	return Number(math.Abs(sum))
}

// sphericalArea is the area of a polygon on a sphere, as the web dialect has it,
// with each edge taken as straight in longitude and the sine of the latitude.
func sphericalArea(p []place) float64 {
	sum := 0.0
	for i, a := range p {
		b := p[(i+1)%len(p)]
		sum += (b.lon - a.lon) * math.Pi / 180 * (2 + math.Sin(a.lat*math.Pi/180) + math.Sin(b.lat*math.Pi/180))
	}
	return math.Abs(sum) * earthRadius * earthRadius / 2
}

// radian turns degrees into radians in one multiplication, as JavaRosa does:
// over short distances the arc cosine shows the last digit.
const radian = math.Pi / 180

// distance is the length of a line of places in metres by the spherical law of
// cosines.
func distance(ev *evaluator, c *callExpr, f focus) Value {
	p := c.places(ev, f, 0)
	sum := 0.0
	for i := 1; i < len(p); i++ {
		a, b := p[i-1].lat*radian, p[i].lat*radian
		d := (p[i-1].lon - p[i].lon) * radian
		cosine := math.Sin(a)*math.Sin(b) + math.Cos(a)*math.Cos(b)*math.Cos(d)
		sum += math.Acos(math.Max(-1, math.Min(1, cosine))) * earthRadius
	}
	return metres(ev, sum)
}

// geofence tells whether a point is inside a closed shape, by the crossings of a
// ray (W. R. Franklin, pnpoly).
func geofence(ev *evaluator, c *callExpr, f focus) Value {
	point, ok := parsePlace(c.str(ev, f, 0))
	shape, ok2 := parsePlaces(c.str(ev, f, 1))
	closed := ok2 && len(shape) > 2 && shape[0] == shape[len(shape)-1]
	if !ok || !closed {
		if ev.web() {
			return Boolean(false)
		}
		return c.fail(ev, "needs a point and a closed shape, as \"lat lon\" and \"lat lon;lat lon;...\" ending where it began")
	}
	inside := false
	for i := 1; i < len(shape); i++ {
		p, q := shape[i-1], shape[i]
		if (q.lat > point.lat) != (p.lat > point.lat) &&
			point.lon < (p.lon-q.lon)*(point.lat-q.lat)/(p.lat-q.lat)+q.lon {
			inside = !inside
		}
	}
	return Boolean(inside)
}

// intersects tells whether a trace or shape crosses or touches itself, other
// than where one segment follows the next and where a shape closes.
func intersects(ev *evaluator, c *callExpr, f focus) Value {
	p := c.places(ev, f, 0)
	last := len(p) - 1
	for i := 0; i < last; i++ {
		if !ev.tick(last - i) {
			break
		}
		for j := i + 2; j < last; j++ {
			if i == 0 && j == last-1 && p[0] == p[last] {
				continue
			}
			if cross(p[i], p[i+1], p[j], p[j+1]) {
				return Boolean(true)
			}
		}
	}
	return Boolean(false)
}

// cross reports whether the segments ab and cd have a point in common.
func cross(a, b, c, d place) bool {
	d1, d2, d3, d4 := side(c, d, a), side(c, d, b), side(a, b, c), side(a, b, d)
	if d1*d2 < 0 && d3*d4 < 0 {
		return true
	}
	return d1 == 0 && within(c, d, a) || d2 == 0 && within(c, d, b) || d3 == 0 && within(a, b, c) || d4 == 0 && within(a, b, d)
}

func side(a, b, p place) float64 {
	return (b.lon-a.lon)*(p.lat-a.lat) - (b.lat-a.lat)*(p.lon-a.lon)
}

func within(a, b, p place) bool {
	return p.lon >= math.Min(a.lon, b.lon) && p.lon <= math.Max(a.lon, b.lon) && p.lat >= math.Min(a.lat, b.lat) && p.lat <= math.Max(a.lat, b.lat)
}
