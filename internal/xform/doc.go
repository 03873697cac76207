// Package xform runs ODK XForms: it reads the definition of a questionnaire
// and holds the running answers of one respondent.
//
// A [Form] is what the XML says: the primary instance as a template, secondary
// instances (lists), binds, texts in every language, controls. It never changes
// after [Parse], so any number of interviews may share it.
//
// An [Instance] is one questionnaire being filled. After every change it
// recomputes what depends on the change, in dependency order, and nothing else.
// It knows which pages there are, what each page asks in the current language,
// what is wrong with an answer, and how to write itself: as a snapshot to go on
// later, and as an ODK submission.
//
// The behaviour follows the ODK XForms specification
// (https://getodk.github.io/xforms-spec/) and, where that is silent, the
// reference engine JavaRosa.
//
// The package knows XML trees and XPath. It must not know workbooks, screens,
// storage or the network.
package xform
