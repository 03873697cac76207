package xform

// Namespaces of an XForm.
const (
	spaceXForms   = "http://www.w3.org/2002/xforms"
	spaceXHTML    = "http://www.w3.org/1999/xhtml"
	spaceJavaRosa = "http://openrosa.org/javarosa"
	spaceOpenRosa = "http://openrosa.org/xforms"
	spaceODK      = "http://www.opendatakit.org/xforms"
	spaceEntities = "http://www.opendatakit.org/xforms/entities"
	spaceEvents   = "http://www.w3.org/2001/xml-events"
	spaceXSD      = "http://www.w3.org/2001/XMLSchema"

	// spaceState marks what a snapshot adds to the instance; a submission
	// drops it.
	spaceState = "https://parvis.dev/snapshot"
)

// standardPrefixes stand in where a form forgot to declare the usual ones.
func standardPrefixes() map[string]string {
	return map[string]string{
		"jr":       spaceJavaRosa,
		"orx":      spaceOpenRosa,
		"odk":      spaceODK,
		"entities": spaceEntities,
		"xsd":      spaceXSD,
	}
}
