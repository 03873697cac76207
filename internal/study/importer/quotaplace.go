package importer

import (
	"fmt"
	"strings"

	"parvis/internal/study"
	"parvis/internal/xlsform"
)

// each stands for every site or region in the sheet quotas, unless one is called so.
const each = "each"

// quotaPlace is where a quota counts.
type quotaPlace struct {
	site, region string
	each         string // the site or region that stands for "each"; "" where the row names its place itself
}

// placesOf are the places of a row: one, or one for each site or region.
func (q *quotaSheet) placesOf(row xlsform.Row) (places []quotaPlace, ok bool) {
	site, region := row.Get("site"), row.Get("region")
	sites, regions := q.sitesAndRegions()
	eachSite := strings.EqualFold(site, each) && !contains(sites, site)
	eachRegion := strings.EqualFold(region, each) && !contains(regions, region)
	one := []quotaPlace{{site: site, region: region}}
	if q.book.Sheet("sites") != nil && len(q.study.Sites) == 1 && q.study.Sites[0].Name == defaultSite {
		if eachSite {
			return q.eachSite(""), true
		}
		return one, true // the sheet sites is reported already
	}
	if eachRegion && site != "" {
		q.problem(q.at(row, "region"), "each-twice", "The site in this row lies in one region, so that there is no target for each.", "Leave one of the two cells empty.")
		return one, false
	}
	if !eachSite {
		ok = q.knownSite(row, site, sites)
	} else {
		ok = true
	}
	if !eachRegion || len(regions) == 0 {
		ok = q.knownRegion(row, region, regions) && ok
	}
	if s, found := q.study.SiteByName(site); ok && found && region != "" && s.Region != region {
		q.problem(q.at(row, "region"), "site-not-in-region", fmt.Sprintf("The site %s is not in the region %s, so this quota could never fill.", site, region), "Leave one of the two cells empty.")
		ok = false
	}
	switch {
	case !ok:
		return one, false
	case eachSite:
		return q.eachSite(region), true
	case eachRegion:
		for _, r := range regions {
			places = append(places, quotaPlace{region: r, each: r})
		}
		return places, true
	}
	return one, true
}

// eachSite are all sites, or those of a region. The region then says nothing more and is left out.
func (q *quotaSheet) eachSite(region string) (places []quotaPlace) {
	for _, s := range q.study.Sites {
		if region == "" || s.Region == region {
			places = append(places, quotaPlace{site: s.Name, each: s.Name})
		}
	}
	return places
}

func (q *quotaSheet) sitesAndRegions() (sites, regions []string) {
	for _, s := range q.study.Sites {
		sites = append(sites, s.Name)
		if s.Region != "" && !contains(regions, s.Region) {
			regions = append(regions, s.Region)
		}
	}
	return sites, regions
}

func (q *quotaSheet) knownSite(row xlsform.Row, site string, sites []string) bool {
	if site == "" || contains(sites, site) {
		return true
	}
	q.problem(q.at(row, "site"), "unknown-site", fmt.Sprintf("There is no site %q in the sheet sites.", shorten(site)),
		remedyNearest(site, append(sites, each), "The sites are "+shortList(sites)+"; write each for a target at each of them."))
	return false
}

func (q *quotaSheet) knownRegion(row xlsform.Row, region string, regions []string) bool {
	if region == "" || contains(regions, region) {
		return true
	}
	otherwise := "The regions are " + shortList(regions) + "; write each for a target in each of them."
	if len(regions) == 0 {
		otherwise = "Give the sites their regions in the sheet sites, or leave the cell empty."
	}
	q.problem(q.at(row, "region"), "unknown-region", fmt.Sprintf("No site is in a region %q.", shorten(region)), remedyNearest(region, append(regions, each), otherwise))
	return false
}

// where is a quota's place and time, to be compared.
func where(q study.Quota) [3]string { return [3]string{q.Site, q.Region, string(q.Period)} }
