package importer

import (
	"fmt"
	"maps"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// defaultSite is the site of a study without any.
const defaultSite = "default"

// readSites reads the sheet sites: one row for each entrance. A study without one has the site "default".
func (in *importer) readSites(s *study.Study) {
	rows, ok := in.rows("sites", []string{"site"}, []string{"site", "site_label", "region", "region_label", "address", "location", "entrance", "entrance_label", "interval"})
	regions := map[string]study.Text{}
	for _, row := range rows {
		in.site(s, row, regions)
	}
	for i := range s.Sites {
		s.Sites[i].RegionLabel = regions[s.Sites[i].Region]
	}
	if len(s.Sites) > 0 {
		return
	}
	if ok && len(rows) == 0 {
		in.warning(place{sheet: in.book.Sheet("sites").Name}, "no-sites", "The sheet names no site.", "Write a row for each entrance; until then there is one site called default.")
	}
	s.Sites = []study.Site{{Name: defaultSite, Label: maps.Clone(s.Title), Entrances: []study.Entrance{{Name: "main", Label: maps.Clone(s.Title)}}}}
}

func (in *importer) site(s *study.Study, row xlsform.Row, regions map[string]study.Text) {
	sheet := in.book.Sheet("sites").Name
	at := func(column string) place { return place{sheet, row.Number, column} }
	name := row.Get("site")
	if !in.name(at("site"), name, "site") {
		return
	}
	site := siteOf(s, name)
	if site == nil {
		s.Sites = append(s.Sites, study.Site{Name: name})
		site = &s.Sites[len(s.Sites)-1]
	}
	in.agree(at("site_label"), &site.Label, in.text(sheet, row, "site_label"), "site "+name)
	in.region(at, row, site, regions)
	if a := row.Get("address"); site.Address == "" {
		site.Address = a
	} else if a != "" && a != site.Address {
		in.problem(at("address"), "disagrees", fmt.Sprintf("The site %s has another address further up.", name), "Write the same address in each row of a site, or only in the first.")
	}
	in.location(at("location"), row.Get("location"), site)
	if len(site.Label) == 0 {
		site.Label = study.Text{in.standard: name}
	}
	in.entrance(at, row, site)
}

// location takes latitude and longitude, with a space or a comma between.
func (in *importer) location(at place, cell string, site *study.Site) {
	if cell == "" {
		return
	}
	where, ok := study.ParseLocation(cell)
	switch {
	case !ok:
		in.problem(at, "bad-location", fmt.Sprintf("%q is no location.", shorten(cell)), "Write latitude and longitude in decimal degrees, such as 50.8467 4.3525.")
	case site.Location != "" && site.Location != where:
		in.problem(at, "disagrees", fmt.Sprintf("The site %s lies elsewhere further up.", site.Name), "Write the same location in each row of a site, or only in the first.")
	default:
		site.Location = where
	}
}

// siteOf is the site of a name, to be changed; nil if there is none yet.
func siteOf(s *study.Study, name string) *study.Site {
	for i := range s.Sites {
		if s.Sites[i].Name == name {
			return &s.Sites[i]
		}
	}
	return nil
}

func (in *importer) region(at func(string) place, row xlsform.Row, site *study.Site, regions map[string]study.Text) {
	label := in.text(at("").sheet, row, "region_label")
	region := row.Get("region")
	switch {
	case region == "" && len(label) > 0:
		in.problem(at("region"), "missing-name", "The region has a label but no name.", "Write a short name without spaces, such as north.")
		return
	case region == "":
		return
	case !in.name(at("region"), region, "region"):
		return
	case site.Region != "" && site.Region != region:
		in.problem(at("region"), "disagrees", fmt.Sprintf("The site %s is in the region %s further up.", site.Name, site.Region), "A site belongs to one region.")
		return
	}
	site.Region = region
	known := regions[region]
	in.agree(at("region_label"), &known, label, "region "+region)
	if len(known) == 0 {
		known = study.Text{in.standard: region}
	}
	regions[region] = known
}

func (in *importer) entrance(at func(string) place, row xlsform.Row, site *study.Site) {
	e := study.Entrance{Name: row.Get("entrance"), Label: in.text(at("").sheet, row, "entrance_label")}
	if e.Name == "" {
		if len(e.Label) > 0 {
			in.problem(at("entrance"), "missing-name", "The entrance has a label but no name.", "Write a short name without spaces, such as north.")
			return
		}
		e.Name, e.Label = "main", maps.Clone(site.Label)
	}
	if !in.name(at("entrance"), e.Name, "entrance") {
		return
	}
	if _, taken := site.EntranceBy(e.Name); taken {
		in.problem(at("entrance"), "twice", fmt.Sprintf("The site %s has an entrance %s already.", site.Name, e.Name), "Give each entrance of a site its own name.")
		return
	}
	if len(e.Label) == 0 {
		e.Label = study.Text{in.standard: e.Name}
	}
	if cell := row.Get("interval"); cell != "" {
		e.Interval, _ = in.whole(at("interval"), cell, 1, 10_000)
	}
	site.Entrances = append(site.Entrances, e)
}

// agree takes a text that several rows may give, which must then be the same.
func (in *importer) agree(at place, have *study.Text, now study.Text, what string) {
	if len(now) == 0 {
		return
	}
	if len(*have) == 0 {
		*have = now
		return
	}
	for lang, s := range now {
		if old := (*have)[lang]; old != "" && old != s {
			column := at.column
			if lang != "" {
				column += "::" + lang
			}
			in.problem(place{at.sheet, at.row, column}, "disagrees", fmt.Sprintf("The %s is called %q here and %q further up.", what, shorten(s), shorten(old)), "Write the same in each of its rows, or only in the first.")
			return
		}
		(*have)[lang] = s
	}
}
