package endpoint

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"path"
	"strings"

	"parvis/internal/centralstore"
	"parvis/sync/protocol"
)

func (e *Endpoint) studies(c *call) error {
	states, err := e.p.Store.ListStudies(c.r.Context(), c.who)
	if err != nil {
		return err
	}
	list := protocol.StudyList{Studies: make([]protocol.StudySummary, 0, len(states))}
	for _, s := range states {
		list.Studies = append(list.Studies, protocol.StudySummary{ID: s.Study.ID, Title: s.Study.Title, Version: s.Version, Interviews: s.Interviews})
	}
	return c.respond(list)
}

// putStudy takes a workbook with its pictures. It is converted one at a time, since that takes memory; it is read before, since whoever
// sends slowly must not keep the others waiting.
func (e *Endpoint) putStudy(c *call) error {
	if e.p.Import == nil || !c.who.MayImportAny() {
		return &centralstore.Error{Code: centralstore.Forbidden, Message: "Importing a study needs the role of a researcher or administrator."}
	}
	upload, err := c.upload()
	if err != nil {
		return err
	}
	select {
	case e.importing <- struct{}{}:
		defer func() { <-e.importing }()
	case <-c.r.Context().Done():
		return c.r.Context().Err()
	}
	read, err := e.p.Import(c.r.Context(), upload)
	if err != nil {
		return err
	}
	if read.Refused {
		return refused(read.Diagnostics)
	}
	if !c.who.MayImport(read.Package.Study.ID) {
		return &centralstore.Error{Code: centralstore.Forbidden, Message: "You may not import this study."}
	}
	state, err := e.p.Store.PutStudy(c.r.Context(), read.Package)
	if err != nil {
		return err
	}
	return c.respond(protocol.StudyAnswer{
		Study: state.Study.ID, Version: state.Version, Unchanged: state.Unchanged, Warnings: read.Diagnostics, Interviews: state.Interviews,
	})
}

func refused(diagnostics []protocol.Diagnostic) protocol.Problem {
	p := problem(http.StatusUnprocessableEntity, protocol.CodeBadWorkbook, "The workbook cannot be used as it is.")
	for _, d := range diagnostics {
		if d.Severity != "warning" {
			p.Detail = d.Message
			break
		}
	}
	p.Diagnostics = diagnostics
	return p
}

// upload reads the parts of the form: one workbook, any number of media, any number of recipients.
func (c *call) upload() (Upload, error) {
	body, err := c.body(protocol.MaxUploadBytes)
	if err != nil {
		return Upload{}, err
	}
	c.enter(c.e.rooms.uploads)
	c.r.Body = struct {
		io.Reader
		io.Closer
	}{protocol.Meter(body, c.room.take), body}
	form, err := c.r.MultipartReader()
	if err != nil {
		return Upload{}, problem(http.StatusBadRequest, protocol.CodeBadRequest, "Send the workbook as multipart/form-data, in a part named workbook.")
	}
	up := Upload{Actor: c.who.Name()}
	files := beside{}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = up.take(part, files)
		}
		if err != nil {
			return up, formProblem(err)
		}
	}
	if up.Workbook == nil {
		return up, problem(http.StatusBadRequest, protocol.CodeBadRequest, "There is no part named workbook.")
	}
	up.Files = files
	return up, nil
}

func formProblem(err error) error {
	var tooLong *http.MaxBytesError
	var own protocol.Problem
	if errors.As(err, &tooLong) || errors.As(err, &own) {
		return err
	}
	return fmt.Errorf("%w: %w", protocol.ErrDamaged, err)
}

func (up *Upload) take(part *multipart.Part, files beside) error {
	data, err := io.ReadAll(part)
	if err != nil {
		return err
	}
	name := path.Base(strings.ReplaceAll(part.FileName(), `\`, "/"))
	switch part.FormName() {
	case "workbook":
		if up.Workbook != nil {
			return problem(http.StatusBadRequest, protocol.CodeBadRequest, "Send one workbook at a time.")
		}
		up.Name, up.Workbook = name, data
	case "media":
		files[name] = data
	case "recipient":
		up.Recipients = append(up.Recipients, strings.TrimSpace(string(data)))
	}
	return nil
}
