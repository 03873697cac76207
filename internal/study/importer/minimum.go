package importer

import (
	"fmt"

	"parvis/internal/study"
)

// checkMinima looks at the least seconds of the questions.
func (in *importer) checkMinima() {
	x := in.survey
	for _, name := range x.names {
		r := x.byName[name]
		if r.minSeconds == "" {
			continue
		}
		at := place{x.sheet, r.number, "bind::" + x.prefix + ":" + study.MinSecondsAttr}
		in.checkDeclared(at)
		if !r.asked() && r.kind != "note" {
			in.problem(at, "untimed", fmt.Sprintf("%q is not shown to anybody, so it takes no time.", name), "Empty the cell; a minimum belongs to a question or a note.")
			continue
		}
		in.whole(at, r.minSeconds, 0, study.MostQuestionSeconds)
	}
}

// checkDeclared reports the first use of Parvis' own attributes where their prefix is not declared.
func (in *importer) checkDeclared(at place) {
	if x := in.survey; !x.declared && in.once("namespace") {
		in.problem(at, "namespace", fmt.Sprintf("The prefix %s is not declared.", x.prefix), fmt.Sprintf("In the sheet settings write the column namespaces with the cell %s=%q.", x.prefix, study.Namespace))
	}
}
