package importer

import (
	"fmt"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// readQuotas reads the sheet quotas: one constraint a row.
func (in *importer) readQuotas(s *study.Study) {
	rows, _ := in.rows("quotas", []string{"name", "target"}, []string{"name", "cell", "label", "site", "region", "condition", "target", "kind", "tolerance"})
	first := map[string]int{}
	for _, row := range rows {
		q, ok := in.quota(s, row)
		if n := first[q.Name]; n > 0 && q.Name != "" {
			in.problem(place{in.book.Sheet("quotas").Name, row.Number, "name"}, "twice", fmt.Sprintf("There is a quota %q in row %d already.", q.Name, n), "Give each quota its own name; rows of one line of the board share a cell instead.")
			continue
		}
		first[q.Name] = row.Number
		if ok {
			s.Quotas = append(s.Quotas, q)
		}
	}
}

func (in *importer) quota(s *study.Study, row xlsform.Row) (study.Quota, bool) {
	sheet := in.book.Sheet("quotas").Name
	at := func(column string) place { return place{sheet, row.Number, column} }
	q := study.Quota{Name: row.Get("name"), Cell: row.Get("cell"), Label: in.text(sheet, row, "label"), Site: row.Get("site"), Region: row.Get("region"), Kind: study.Hard}
	ok := in.name(at("name"), q.Name, "quota")
	if q.Cell == "" {
		q.Cell = q.Name
	}
	if len(q.Label) == 0 {
		q.Label = study.Text{in.standard: q.Name}
	}
	ok = in.placeOf(s, q, at) && ok
	q.Condition = in.rule(at("condition"), row.Get("condition"), screenerAnswer)
	if cell := row.Get("target"); cell == "" {
		in.problem(at("target"), "no-value", "The quota has no target.", "Write how many completed interviews are wanted, 0 or more.")
	} else {
		q.Target, _ = in.whole(at("target"), cell, 0, 10_000_000)
	}
	if cell := row.Get("tolerance"); cell != "" {
		q.Tolerance, _ = in.whole(at("tolerance"), cell, 0, 10_000_000)
	}
	if cell := row.Get("kind"); cell != "" {
		q.Kind = study.Kind(strings.ToLower(cell))
	}
	if q.Kind != study.Hard && q.Kind != study.Soft && q.Kind != study.Watched {
		in.problem(at("kind"), "kind", fmt.Sprintf("%q is no kind of quota.", shorten(row.Get("kind"))), "Write hard (nobody more), soft (the interviewer is warned) or watched (counted only).")
	}
	return q, ok
}

// placeOf checks the site and the region of a quota.
func (in *importer) placeOf(s *study.Study, q study.Quota, at func(string) place) bool {
	if in.book.Sheet("sites") != nil && len(s.Sites) == 1 && s.Sites[0].Name == defaultSite {
		return true // the sheet sites is reported already
	}
	var sites, regions []string
	for _, site := range s.Sites {
		sites = append(sites, site.Name)
		if site.Region != "" && !contains(regions, site.Region) {
			regions = append(regions, site.Region)
		}
	}
	ok := true
	if q.Site != "" && !contains(sites, q.Site) {
		in.problem(at("site"), "unknown-site", fmt.Sprintf("There is no site %q in the sheet sites.", shorten(q.Site)), remedyNearest(q.Site, sites, "The sites are "+shortList(sites)+"."))
		ok = false
	}
	if q.Region != "" && !contains(regions, q.Region) {
		otherwise := "The regions are " + shortList(regions) + "."
		if len(regions) == 0 {
			otherwise = "Give the sites their regions in the sheet sites, or leave the cell empty."
		}
		in.problem(at("region"), "unknown-region", fmt.Sprintf("No site is in a region %q.", shorten(q.Region)), remedyNearest(q.Region, regions, otherwise))
		ok = false
	}
	if site, found := s.SiteByName(q.Site); ok && found && q.Region != "" && site.Region != q.Region {
		in.problem(at("region"), "site-not-in-region", fmt.Sprintf("The site %s is not in the region %s, so this quota could never fill.", q.Site, q.Region), "Leave one of the two cells empty.")
		ok = false
	}
	return ok
}
