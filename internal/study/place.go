package study

// SiteByName returns the site of that name.
func (s *Study) SiteByName(name string) (Site, bool) {
	for _, site := range s.Sites {
		if site.Name == name {
			return site, true
		}
	}
	return Site{}, false
}

// EntranceBy returns an entrance of the site by its name.
func (s Site) EntranceBy(name string) (Entrance, bool) {
	for _, e := range s.Entrances {
		if e.Name == name {
			return e, true
		}
	}
	return Entrance{}, false
}

// IntervalAt returns the sampling interval at an entrance: its own, else the study's, 1 or more.
func (s *Study) IntervalAt(site, entrance string) int {
	if at, ok := s.SiteByName(site); ok {
		if e, ok := at.EntranceBy(entrance); ok && e.Interval > 0 {
			return e.Interval
		}
	}
	return max(s.Interval, 1)
}

// AppliesAt reports whether interviews at the site count for the quota. An unknown site counts only for quotas of the
// whole study.
func (q Quota) AppliesAt(site Site) bool {
	return (q.Site == "" || q.Site == site.Name) && (q.Region == "" || q.Region == site.Region)
}

// DefaultLanguage is the language a questionnaire opens in; "" for one without translations.
func (s *Study) DefaultLanguage() string {
	if len(s.Languages) == 0 {
		return ""
	}
	return s.Languages[0]
}
