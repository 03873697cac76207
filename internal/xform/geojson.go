package xform

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"parvis/internal/xmltree"
)

// readGeoJSON makes a list of a FeatureCollection (RFC 7946): an item for each
// feature with the element geometry in ODK's form ("lat lon 0 0", points parted
// by semicolons), id, and an element for each property.
func readGeoJSON(r io.Reader, l xmltree.Limits) (*xmltree.Node, error) {
	limit := l.Bytes
	if limit <= 0 {
		limit = xmltree.DefaultLimits().Bytes
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("the file is longer than %d bytes", limit)
	}
	var all struct {
		Type     string
		Features []struct {
			Type       string
			ID         json.RawMessage
			Properties map[string]json.RawMessage
			Geometry   *struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	if all.Type != "FeatureCollection" {
		return nil, errors.New("only a GeoJSON FeatureCollection can be a list")
	}
	doc := xmltree.NewDocument()
	root := xmltree.NewElement("", "root")
	doc.Append(root)
	for i, ft := range all.Features {
		item := xmltree.NewElement("", "item")
		if g := ft.Geometry; g != nil {
			where, err := odkGeometry(g.Type, g.Coordinates)
			if err != nil {
				return nil, fmt.Errorf("feature %d: %w", i+1, err)
			}
			appendText(item, "geometry", where)
		}
		if id := jsonText(ft.ID); id != "" {
			appendText(item, "id", id)
		}
		names := make([]string, 0, len(ft.Properties))
		for name := range ft.Properties {
			names = append(names, name)
		}
		slices.Sort(names)
		for _, name := range names {
			if item.Child(name) == nil {
				appendText(item, name, jsonText(ft.Properties[name]))
			}
		}
		root.Append(item)
	}
	return doc, nil
}

func appendText(parent *xmltree.Node, name, value string) {
	e := xmltree.NewElement("", name)
	e.Value = value
	parent.Append(e)
}

func jsonText(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	if s = string(raw); s == "null" {
		return ""
	}
	return s
}

func odkGeometry(kind string, raw json.RawMessage) (string, error) {
	var points [][]float64
	switch kind {
	case "Point":
		points = make([][]float64, 1)
		if err := json.Unmarshal(raw, &points[0]); err != nil {
			return "", err
		}
	case "LineString":
		if err := json.Unmarshal(raw, &points); err != nil {
			return "", err
		}
	case "Polygon":
		var rings [][][]float64
		if err := json.Unmarshal(raw, &rings); err != nil {
			return "", err
		}
		if len(rings) > 0 {
			points = rings[0]
		}
	default:
		return "", fmt.Errorf("the geometry %q is none of Point, LineString, Polygon", kind)
	}
	out := make([]string, len(points))
	for i, pt := range points {
		if len(pt) < 2 {
			return "", errors.New("a position needs longitude and latitude")
		}
		out[i] = coordinate(pt[1]) + " " + coordinate(pt[0]) + " 0 0"
	}
	return strings.Join(out, "; "), nil
}

func coordinate(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
