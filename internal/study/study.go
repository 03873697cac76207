// Package study is the survey project around a questionnaire: where people are stopped, how many of whom are wanted,
// which answers raise an alert, what an interviewer may say and note. [Study] is what a device pulls; package importer below makes one of a workbook.
//
// It knows what the attributes of a questionnaire mean (internal/xform). It must not know of workbooks, devices,
// interviews, storage, the network or screens.
package study

// Study is one survey project as a device pulls it. The JSON names are part of the sync protocol: they are added to,
// never renamed.
type Study struct {
	ID          string   `json:"id"`                     // stable across versions of the workbook, as ASCII letters, digits, - and _
	Title       Text     `json:"title"`                  // what people call the study
	Languages   []string `json:"languages"`              // as the questionnaire names them, "English (en)"; default first
	Agency      string   `json:"agency,omitempty"`       // who conducts the study
	AgencyPhone string   `json:"agency_phone,omitempty"` // where a respondent may ask
	Wave        string   `json:"wave,omitempty"`         // free text, such as "2026-3"
	Minutes     int      `json:"minutes,omitempty"`      // typical length of an interview; 0 where not stated
	MinSeconds  int      `json:"min_seconds,omitempty"`  // an interview faster than this is worth a look; 0 for no limit
	// QuestionMinSeconds is the time a question takes at least that has no minimum of its own; 0 for none. Faster answers are counted.
	QuestionMinSeconds int  `json:"question_min_seconds,omitempty"`
	Incentive          Text `json:"incentive,omitempty"`    // what the respondent gets, in words
	Briefing           Text `json:"briefing,omitempty"`     // read by the interviewer before the shift
	Identity           Text `json:"identity,omitempty"`     // words with which the interviewer introduces the study
	Closing            Text `json:"closing,omitempty"`      // words of thanks the respondent reads at the end
	EditMinutes        int  `json:"edit_minutes,omitempty"` // how long after its end an interview may be corrected; 0 for not at all
	// BackCheckShare is how many percent of each interviewer's interviews are called back, 0 to 100; nil where nobody said.
	BackCheckShare *int `json:"back_check_share,omitempty"`
	// ProvisionalInterviews lets an interviewer go on with somebody for whom the device has no right left while others may: the interview
	// counts in no quota until a supervisor accepts it.
	ProvisionalInterviews bool        `json:"provisional_interviews,omitempty"`
	Probes                []Phrase    `json:"probes,omitempty"`           // neutral follow-ups offered at verbatims
	Cues                  []Phrase    `json:"cues,omitempty"`             // what an interviewer may notice; empty for the app's own list
	Interval              int         `json:"sampling_interval"`          // every n-th passer-by is approached, 1 or more
	Sites                 []Site      `json:"sites"`                      // never empty: a study without sites has one called "default"
	Quotas                []Quota     `json:"quotas,omitempty"`           // in the order of the sheet
	Dimensions            []Dimension `json:"quota_dimensions,omitempty"` // questions that quotas divide respondents by, in their order
	Waves                 []Wave      `json:"waves,omitempty"`            // in the order of time, none of them at once
	Alerts                []Alert     `json:"alerts,omitempty"`           // in the order of the sheet
	Eligible              Rule        `json:"eligible"`                   // true: the respondent belongs to the population
	Consent               Rule        `json:"consent"`                    // true: the respondent agreed to take part
	PartialFrom           string      `json:"partial_from,omitempty"`     // path of the question from which a break-off counts as partial (1.2)
	Recipients            []string    `json:"recipients,omitempty"`       // age X25519 public keys that can open personal data
	Form                  FormRef     `json:"form"`                       // the questionnaire asked
	Media                 []Media     `json:"media,omitempty"`            // files the questionnaire shows, by name
}

// Phrase is a short text with a name that stays the same in every language, so that records can keep the name.
type Phrase struct {
	Name  string `json:"name"`
	Label Text   `json:"label"`
}

// Site is a place where people are stopped.
type Site struct {
	Name        string `json:"name"`
	Label       Text   `json:"label"`
	Region      string `json:"region,omitempty"`
	RegionLabel Text   `json:"region_label,omitempty"`
	Address     string `json:"address,omitempty"`
	// Location is latitude and longitude in decimal degrees (WGS 84), a space between, as a geopoint begins; "" where nobody said.
	Location  string     `json:"location,omitempty"`
	Entrances []Entrance `json:"entrances"` // never empty
}

// Entrance is one door or aisle of a site.
type Entrance struct {
	Name     string `json:"name"`
	Label    Text   `json:"label"`
	Interval int    `json:"interval,omitempty"` // sampling interval of its own; 0 takes the study's
}

// Kind says what happens when a quota is full.
type Kind string

// The kinds of quota.
const (
	Hard    Kind = "hard"    // nobody more is interviewed
	Soft    Kind = "soft"    // the interviewer is warned
	Watched Kind = "watched" // counted only
)

// Quota is a cap on completed interviews that satisfy a condition.
type Quota struct {
	Name      string `json:"name"`             // unique in the study
	Cell      string `json:"cell"`             // quotas that share a cell are one line of the board over several sites; the name where none is given
	Label     Text   `json:"label"`            // what the board and the interviewer read
	Site      string `json:"site,omitempty"`   // counts at this site only
	Region    string `json:"region,omitempty"` // counts in this region only
	Condition Rule   `json:"condition"`        // over answers of the screener; always true where empty
	Target    int    `json:"target"`           // 0 or more completed interviews
	Kind      Kind   `json:"kind"`
	Tolerance int    `json:"tolerance,omitempty"` // interviews over the target that do no harm, 0 or more
	Period    Period `json:"period,omitempty"`    // the time the target is for
	// Picks are what Condition wants of the study's dimensions, in their order and each once; empty where the sheet had no columns of them.
	// Further is what it wants beyond those, as written; empty for nothing.
	Picks   []Pick `json:"picks,omitempty"`
	Further string `json:"further,omitempty"`
}

// Alert is a condition over the answers that somebody has to follow up.
type Alert struct {
	Name      string `json:"name"`
	Label     Text   `json:"label"`
	Condition Rule   `json:"condition"`
	To        string `json:"to,omitempty"` // who is told, as the workbook has it
}

// Rule is an expression of the workbook. The zero Rule is always true.
type Rule struct {
	Source string `json:"source,omitempty"` // as written, with ${question}
	XPath  string `json:"xpath,omitempty"`  // the same with absolute paths, ready for the questionnaire's instance
}

// Always reports whether the rule holds for everyone.
func (r Rule) Always() bool { return r.XPath == "" || r.XPath == "true()" }

// FormRef names the exact questionnaire.
type FormRef struct {
	ID      string `json:"id"`
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256"` // of the XForm's bytes, lower-case hexadecimal
	Size    int64  `json:"size"`   // bytes
}

// Media is a file that the questionnaire shows.
type Media struct {
	Name   string `json:"name"`   // as the questionnaire has it after jr://images/ and the like
	SHA256 string `json:"sha256"` // of its bytes, lower-case hexadecimal
	Size   int64  `json:"size"`   // bytes
}

// Names of questions that the field app fills in before the first page, where the questionnaire has them.
// The questionnaire may show them in its texts.
const (
	FieldSite          = "site"           // name of the site
	FieldSiteLabel     = "site_label"     // its label in the language of the interview
	FieldRegion        = "region"         // name of the region
	FieldEntrance      = "entrance"       // name of the entrance
	FieldEntranceLabel = "entrance_label" // its label in the language of the interview
	FieldInterviewer   = "interviewer"    // code of the interviewer
)
