// Package folder is a study laid out in a folder, for programs on one machine that hand it to each other: study.json, the
// questionnaire as an XForm, and the files it shows.
//
// It knows package study. It must not know of workbooks, storage, the network or screens.
package folder

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"parvis/internal/study"
)

// Names in the folder.
const (
	studyFile = "study.json"
	formFile  = "questionnaire.xml"
	mediaDir  = "media"
)

// Contents is what a folder holds.
type Contents struct {
	Study study.Study
	XForm []byte
	Media map[string][]byte // by name
}

// Write lays a study out in a folder that exists.
func Write(dir string, c Contents) error {
	body, err := json.Marshal(c.Study)
	if err != nil {
		return fmt.Errorf("lay out the study: %w", err)
	}
	files := map[string][]byte{studyFile: body, formFile: c.XForm}
	for name, file := range c.Media {
		if !fs.ValidPath(name) {
			return fmt.Errorf("lay out the study: %q is no name of a file", name)
		}
		files[mediaDir+"/"+name] = file
	}
	for name, file := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("lay out the study: %w", err)
		}
		if err := os.WriteFile(path, file, 0o600); err != nil {
			return fmt.Errorf("lay out the study: %w", err)
		}
	}
	return nil
}

// Read reads what Write laid out. Files of the study that are missing are missing in Media, as on a device that has not
// fetched them yet.
func Read(dir string) (Contents, error) {
	c := Contents{Media: map[string][]byte{}}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return c, fmt.Errorf("read the study: %w", err)
	}
	defer root.Close()
	body, err := root.ReadFile(studyFile)
	if err == nil {
		err = json.Unmarshal(body, &c.Study)
	}
	if err == nil {
		c.XForm, err = root.ReadFile(formFile)
	}
	if err != nil {
		return c, fmt.Errorf("read the study in %s: %w", dir, err)
	}
	for _, m := range c.Study.Media {
		if file, err := root.ReadFile(mediaDir + "/" + m.Name); err == nil {
			c.Media[m.Name] = file
		}
	}
	return c, nil
}
