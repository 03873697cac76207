package centralstore

import "slices"

// Role is what a person may do.
type Role string

// The roles, the strongest first.
const (
	Administrator Role = "administrator" // everything, everywhere in its scope
	Researcher    Role = "researcher"    // imports studies, reads records
	Supervisor    Role = "supervisor"    // reads records and devices of its sites
	Viewer        Role = "viewer"        // sees which studies there are
)

// Roles lists every role, the strongest first.
func Roles() []Role { return []Role{Administrator, Researcher, Supervisor, Viewer} }

// Grant is a role within a scope. An empty Study, Region or Site means all of them; a Region or Site needs a Study.
type Grant struct {
	Role                Role
	Study, Region, Site string
}

func (g Grant) valid() error {
	switch {
	case !slices.Contains(Roles(), g.Role):
		return fail(Invalid, "There is no role %q; the roles are %v.", g.Role, Roles())
	case g.Study == "" && (g.Region != "" || g.Site != ""):
		return fail(Invalid, "A region or site belongs to a study: name the study too.")
	case g.Region != "" && g.Site != "":
		return fail(Invalid, "Name a region or a site, not both.")
	}
	return nil
}

// Principal is who asks: a device or a person.
type Principal struct {
	// Of a device.
	Device, Epoch, Interviewer string
	Studies                    []string // that the device is assigned to

	// Of a person.
	User   string
	Grants []Grant
	Since  int64 // when the token was made, milliseconds UTC
}

// IsDevice tells a device from a person.
func (p Principal) IsDevice() bool { return p.Device != "" }

// Name is how logs and the audit log call the principal.
func (p Principal) Name() string {
	if p.IsDevice() {
		return "device:" + p.Device
	}
	return "user:" + p.User
}

// Role is the strongest role of a person, whatever its scope; "" for a device.
func (p Principal) Role() Role {
	best := Role("")
	for _, g := range p.Grants {
		if best == "" || slices.Index(Roles(), g.Role) < slices.Index(Roles(), best) {
			best = g.Role
		}
	}
	return best
}

// Sees tells whether the principal may know of a study.
func (p Principal) Sees(study string) bool {
	if p.IsDevice() {
		return slices.Contains(p.Studies, study)
	}
	return slices.ContainsFunc(p.Grants, func(g Grant) bool { return g.Study == "" || g.Study == study })
}

// MayImport tells whether the principal may bring in a version of a study: it needs the role for the whole of it.
func (p Principal) MayImport(study string) bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool {
		return (g.Role == Administrator || g.Role == Researcher) && (g.Study == "" || g.Study == study) && g.Region == "" && g.Site == ""
	})
}

// MayImportAny tells whether there is a study the principal may import.
func (p Principal) MayImportAny() bool {
	return slices.ContainsFunc(p.Grants, func(g Grant) bool {
		return (g.Role == Administrator || g.Role == Researcher) && g.Region == "" && g.Site == ""
	})
}

// reach is which records of a study a principal may read.
type reach struct {
	records bool
	all     bool
	regions []string
	sites   []string
}

// reaches gathers what the grants of all roles from `least` upwards allow in a study.
func (p Principal) reaches(study string, least Role) reach {
	var r reach
	for _, g := range p.Grants {
		if slices.Index(Roles(), g.Role) > slices.Index(Roles(), least) || (g.Study != "" && g.Study != study) {
			continue
		}
		r.records = true
		switch {
		case g.Site != "":
			r.sites = append(r.sites, g.Site)
		case g.Region != "":
			r.regions = append(r.regions, g.Region)
		default:
			r.all = true
		}
	}
	return r
}
