package program

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"filippo.io/age"

	"parvis/internal/centralstore"
	definition "parvis/internal/study"
	"parvis/internal/study/importer"
	"parvis/internal/xlsform"
	"parvis/internal/xmltree"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// importing turns workbooks into studies, for the command and for uploads alike.
type importing struct{ store centralstore.Store }

// read reads a workbook. Whatever a broken file does to the libraries that read it ends here, in one clear diagnostic.
func (i *importing) read(name string, workbook io.ReaderAt, size int64, files fs.FS) (p *importer.Package, ds xlsform.Diagnostics, err error) {
	defer func() {
		if recover() != nil {
			p, ds, err = nil, nil, errors.New("the file is damaged or is not a workbook; open it in a spreadsheet and save it again as .xlsx")
		}
	}()
	return importer.Read(importer.Params{Name: name, Workbook: workbook, Size: size, Files: files})
}

// uploaded imports what came over the network. Nobody is there to keep a new key, so a study with personal questions needs one.
func (i *importing) uploaded(ctx context.Context, up endpoint.Upload) (endpoint.Imported, error) {
	p, ds, err := i.read(up.Name, bytes.NewReader(up.Workbook), int64(len(up.Workbook)), up.Files)
	if err != nil {
		return endpoint.Imported{Refused: true, Diagnostics: diagnostics(ds, err)}, nil
	}
	sealed, err := i.recipients(ctx, p, up.Recipients)
	var bad *badRecipient
	if errors.As(err, &bad) {
		return endpoint.Imported{Refused: true, Diagnostics: []protocol.Diagnostic{{Severity: "problem", Message: bad.Error()}}}, nil
	}
	if err != nil {
		return endpoint.Imported{}, err
	}
	if !sealed {
		return endpoint.Imported{Refused: true, Diagnostics: append(diagnostics(ds, nil), protocol.Diagnostic{
			Severity: "problem", Sheet: "study",
			Message: "The study asks personal questions and names nobody who can open the answers.",
			Remedy:  "Make a key pair with research key new, keep the key safe, and write its public half, age1..., into the sheet study as recipient.",
		})}, nil
	}
	return endpoint.Imported{Package: packageOf(p, up.Actor), Diagnostics: diagnostics(ds, nil)}, nil
}

// badRecipient is a public key that is none.
type badRecipient struct{ key string }

func (b *badRecipient) Error() string {
	return fmt.Sprintf("%q is no age public key. It begins with age1 and is printed by research key new.", b.key)
}

// recipients settles who can open personal data: the workbook's and the given ones, else those of the version before. It returns
// false where the study needs one and has none.
func (i *importing) recipients(ctx context.Context, p *importer.Package, given []string) (bool, error) {
	for _, key := range given {
		if _, err := age.ParseX25519Recipient(key); err != nil {
			return false, &badRecipient{key}
		}
		p.Study.Recipients = append(p.Study.Recipients, key)
	}
	if len(p.Study.Recipients) > 0 {
		return true, nil
	}
	status, err := i.store.Status(ctx)
	if err != nil {
		return false, err
	}
	for _, s := range status.Studies {
		if s.Study.ID == p.Study.ID && len(s.Study.Recipients) > 0 {
			p.Study.Recipients = s.Study.Recipients
			return true, nil
		}
	}
	personal, err := asksPersonal(p.XForm)
	return !personal, err
}

// asksPersonal tells whether a question of the questionnaire identifies a person.
func asksPersonal(xform []byte) (bool, error) {
	doc, err := xmltree.Parse(bytes.NewReader(xform), xmltree.DefaultLimits())
	if err != nil {
		return false, fmt.Errorf("reading the questionnaire: %w", err)
	}
	return anyPersonal(doc), nil
}

func anyPersonal(n *xmltree.Node) bool {
	if roles, ok := n.Attr(definition.Namespace, "role"); ok {
		known, _ := definition.ParseRoles(roles)
		if (definition.Roles{Set: known}).Has(definition.RolePersonal) {
			return true
		}
	}
	for _, child := range n.Children {
		if anyPersonal(child) {
			return true
		}
	}
	return false
}

func packageOf(p *importer.Package, actor string) centralstore.StudyPackage {
	out := centralstore.StudyPackage{Study: p.Study, Files: [][]byte{p.XForm}, Actor: actor}
	for _, name := range p.MediaNames() {
		out.Files = append(out.Files, p.Media[name])
	}
	return out
}

// diagnostics puts a workbook's diagnostics, or the one error that kept it from being read, on the wire.
func diagnostics(ds xlsform.Diagnostics, err error) []protocol.Diagnostic {
	out := make([]protocol.Diagnostic, 0, len(ds))
	for _, d := range ds {
		out = append(out, protocol.Diagnostic{
			Severity: d.Severity.String(), Sheet: d.Sheet, Row: d.Row, Column: d.Column, Message: d.Message, Remedy: d.Remedy,
		})
	}
	if err != nil && len(out) == 0 {
		out = append(out, protocol.Diagnostic{Severity: "problem", Message: sentence(err.Error())})
	}
	return out
}

// sentence begins with a capital and ends with a full stop.
func sentence(text string) string {
	if text == "" {
		return text
	}
	text = strings.ToUpper(text[:1]) + text[1:]
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
