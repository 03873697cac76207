package study

import (
	"strings"

	"parvis/internal/xform"
	"parvis/internal/xmltree"
)

// Namespace holds the attributes by which a workbook tells Parvis what a question means (bind::parvis:role and
// bind::parvis:object) and how it is answered: bind::parvis:exclusive names the choices that stand alone, bind::parvis:min and
// bind::parvis:max how many choices are wanted, bind::parvis:handover = yes has the respondent answer alone, and
// bind::parvis:min_seconds is how long asking it takes at least.
const Namespace = "https://parvis.dev/xforms"

// Role is what a question means beyond its type.
type Role string

// The roles a question may have, separated by spaces in bind::parvis:role.
const (
	RoleConsent      Role = "consent"      // the respondent agrees to take part
	RoleScreener     Role = "screener"     // decides eligibility
	RoleQuota        Role = "quota"        // decides the quota cell; implies screener
	RolePersonal     Role = "personal"     // identifies a person: sealed at the end, never exported by default
	RoleVerbatim     Role = "verbatim"     // exact words
	RoleNPS          Role = "nps"          // 0 to 10, likelihood to recommend
	RoleSatisfaction Role = "satisfaction" // of the driver in parvis:object
	RoleImportance   Role = "importance"   // of the driver in parvis:object
	RoleScore        Role = "score"        // another rating worth a mean
)

// Roles is what one question is for.
type Roles struct {
	Set    []Role `json:"set,omitempty"`
	Object string `json:"object,omitempty"` // the driver that satisfaction and importance speak of
}

// Has reports whether the question has the role.
func (r Roles) Has(role Role) bool {
	for _, have := range r.Set {
		if have == role || (have == RoleQuota && role == RoleScreener) {
			return true
		}
	}
	return false
}

// KnownRoles are all roles.
func KnownRoles() []Role {
	return []Role{RoleConsent, RoleScreener, RoleQuota, RolePersonal, RoleVerbatim, RoleNPS, RoleSatisfaction, RoleImportance, RoleScore}
}

// ParseRoles reads the words of bind::parvis:role; unknown ones are returned apart.
func ParseRoles(words string) (known []Role, unknown []string) {
	for _, w := range strings.Fields(words) {
		found := false
		for _, r := range KnownRoles() {
			if w == string(r) {
				known, found = append(known, r), true
				break
			}
		}
		if !found {
			unknown = append(unknown, w)
		}
	}
	return known, unknown
}

// RoleOf tells what a question of a questionnaire means.
func RoleOf(q *xform.QuestionDef) Roles { return RolesIn(q.Attrs) }

// RolesIn reads the roles among the foreign attributes of a question's bind.
func RolesIn(attrs map[xmltree.Name]string) Roles {
	known, _ := ParseRoles(attrs[xmltree.Name{Space: Namespace, Local: "role"}])
	return Roles{Set: known, Object: attrs[xmltree.Name{Space: Namespace, Local: "object"}]}
}
