package protocol_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"slices"
	"strings"
	"testing"

	// The document is read with a library of its own, so that it is held against the standard and not against our reading of it.
	"github.com/getkin/kin-openapi/openapi3"

	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/study"
	"parvis/sync/protocol"
)

func document(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(protocol.Document)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// The document is OpenAPI 3.1, and each example in it fits its schema.
func TestTheDocumentIsValid(t *testing.T) {
	doc := document(t)
	if err := doc.Validate(context.Background(), openapi3.EnableExamplesValidation()); err != nil {
		t.Fatal(err)
	}
	if doc.OpenAPI != "3.1.0" || doc.Info.Version != "1" {
		t.Errorf("%s, version %s", doc.OpenAPI, doc.Info.Version)
	}
	// A wrong example is found: the check above can fail.
	batch := doc.Paths.Value(protocol.PathPush).Post.RequestBody.Value.Content["application/json"].Schema
	if err := batch.Value.VisitJSON(map[string]any{"records": "none"}, openapi3.EnableJSONSchema2020()); err == nil {
		t.Error("an example that fits nothing is taken")
	}
}

// extension reads a member x-... of the document.
func extension(t *testing.T, doc *openapi3.T, name string, into any) {
	t.Helper()
	data, err := json.Marshal(doc.Extensions[name])
	if err == nil {
		err = json.Unmarshal(data, into)
	}
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

func TestTheDocumentHasEveryLimitVersionAndCode(t *testing.T) {
	doc := document(t)
	var limits map[string]struct{ Value int64 }
	extension(t, doc, "x-limits", &limits)
	want := map[string]int64{
		"MaxBatchRecords": protocol.MaxBatchRecords, "MaxBatchBytes": protocol.MaxBatchBytes, "MaxRecordBytes": protocol.MaxRecordBytes,
		"MaxHave": protocol.MaxHave, "PullPage": protocol.PullPage, "MaxAnswerBytes": protocol.MaxAnswerBytes, "BlobChunk": protocol.BlobChunk,
		"MaxUploadBytes": protocol.MaxUploadBytes, "MaxHandInBytes": protocol.MaxHandInBytes, "MaxHandInInflated": protocol.MaxHandInInflated,
		"MaxAttachment": protocol.MaxAttachment, "AttachmentChunk": protocol.AttachmentChunk,
		"MaxDecisions": protocol.MaxDecisions, "MostDecision": delivery.MostDecision, "MostReason": delivery.MostReason,
		"MostMessage": delivery.MostMessage, "MostPhoto": delivery.MostPhoto,
	}
	for _, name := range constants(t, "protocol.go", "MaxBatchRecords") {
		if _, ok := want[name]; !ok {
			t.Errorf("the limit %s is new: name it in this test and in the document", name)
		}
	}
	for name, value := range want {
		if limits[name].Value != value {
			t.Errorf("the document says %s is %d, it is %d", name, limits[name].Value, value)
		}
	}
	if len(limits) != len(want) {
		t.Errorf("the document has %d limits, there are %d", len(limits), len(want))
	}
	var versions []int
	if extension(t, doc, "x-versions", &versions); !slices.Equal(versions, protocol.Versions()) {
		t.Errorf("versions %v, there are %v", versions, protocol.Versions())
	}
	var problems map[protocol.Code]struct {
		Status    []int
		Title, Do string
	}
	extension(t, doc, "x-problems", &problems)
	if named := constants(t, "problem.go", "CodeBadRequest"); len(named) != len(protocol.Codes()) {
		t.Errorf("there are %d codes and Codes lists %d", len(named), len(protocol.Codes()))
	}
	inSchema := doc.Components.Schemas["Code"].Value.Enum
	for _, code := range protocol.Codes() {
		if p := problems[code]; len(p.Status) == 0 || p.Title == "" || p.Do == "" {
			t.Errorf("the document does not explain the problem %s", code)
		}
		if !slices.Contains(inSchema, any(string(code))) {
			t.Errorf("the schema Code lacks %s", code)
		}
	}
	if len(problems) != len(protocol.Codes()) || len(inSchema) != len(protocol.Codes()) {
		t.Errorf("the document has %d problems and %d codes, there are %d", len(problems), len(inSchema), len(protocol.Codes()))
	}
}

// constants lists the names of the block of constants of a file that has one of them.
func constants(t *testing.T, file, one string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range parsed.Decls {
		var names []string
		block, ok := d.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		for _, s := range block.Specs {
			for _, n := range s.(*ast.ValueSpec).Names {
				names = append(names, n.Name)
			}
		}
		if slices.Contains(names, one) {
			return names
		}
	}
	t.Fatalf("%s has no constant %s", file, one)
	return nil
}

// Each schema has the members of its Go type, no more and no fewer, of the same kind, and requires none that is left out when empty.
func TestTheSchemasAreTheTypes(t *testing.T) {
	s := schemas{t: t, all: document(t).Components.Schemas, seen: map[reflect.Type]bool{}, used: map[string]bool{}}
	for _, value := range []any{
		protocol.Problem{},
		protocol.EnrolRequest{},
		protocol.EnrolAnswer{},
		protocol.SignInRequest{},
		protocol.SignInAnswer{},
		protocol.Batch{},
		protocol.PushAnswer{},
		protocol.HaveRequest{},
		protocol.HaveAnswer{},
		protocol.LeasesRequest{},
		protocol.LeasesAnswer{},
		protocol.TillRequest{},
		protocol.TillAnswer{},
		protocol.LeaseHolding{},
		protocol.Lease{},
		protocol.PullAnswer{},
		protocol.StoredRecord{},
		protocol.DeviceState{},
		protocol.Card{},
		protocol.AttachmentAnswer{},
		protocol.HandIn{},
		protocol.HandInFile{},
		protocol.HandInAnswer{},
		protocol.HandInReply{},
		protocol.StudyAnswer{},
		protocol.StudyList{},
		protocol.TallyList{},
		delivery.QuotaStates{},
		protocol.MessageRequest{},
		protocol.Message{},
		study.Study{},
		interview.Shift{},
		interview.Contact{},
		interview.Interview{},
		interview.MessageRead{},
		protocol.SignInOptions{},
		protocol.OrganisationRequest{},
		protocol.CodesRequest{},
		protocol.CodesAnswer{},
		protocol.CodeList{},
		protocol.DeviceList{},
		protocol.DeviceEnding{},
		protocol.EndRequest{},
		protocol.AuditPage{},
		protocol.DecisionsRequest{},
		protocol.DecisionsAnswer{},
		protocol.StoredDecision{},
		protocol.Decision{},
		delivery.Review{},
		delivery.Return{},
		delivery.BackChecked{},
		delivery.Steering{},
		delivery.Aim{},
		delivery.Done{},
		delivery.Planning{},
		delivery.Assigned{},
		delivery.Plan{},
	} {
		s.compare(reflect.TypeOf(value))
	}
	for name := range s.all {
		if !s.used[name] && !slices.Contains([]string{"Sum", "Text", "Kind", "Disposition", "Code", "State", "Upload"}, name) {
			t.Errorf("the schema %s is of no type", name)
		}
	}
	if len(s.seen) < 40 {
		t.Errorf("only %d types were compared", len(s.seen))
	}
}

type schemas struct {
	t    *testing.T
	all  openapi3.Schemas
	seen map[reflect.Type]bool
	used map[string]bool
}

func schemaName(of reflect.Type) string {
	if of == reflect.TypeFor[interview.Attachment]() {
		return "NamedFile"
	}
	return of.Name()
}

func (s schemas) compare(of reflect.Type) {
	if s.seen[of] {
		return
	}
	s.seen[of] = true
	name := schemaName(of)
	s.used[name] = true
	schema := s.all[name]
	if schema == nil {
		s.t.Errorf("the document has no schema %s", name)
		return
	}
	members := map[string]reflect.StructField{}
	collect(of, members)
	for member, field := range members {
		property := schema.Value.Properties[member]
		if property == nil {
			s.t.Errorf("the schema %s lacks %s", name, member)
			continue
		}
		s.kind(name+"."+member, field.Type, property.Value)
		if _, opts, _ := strings.Cut(field.Tag.Get("json"), ","); strings.HasPrefix(opts, "omit") && slices.Contains(schema.Value.Required, member) && member != "type" {
			s.t.Errorf("the schema %s requires %s, which is left out when empty", name, member)
		}
	}
	for member := range schema.Value.Properties {
		// The bytes of a body in base64, which the type has as its body.
		if _, ok := members[member]; !ok && member != "raw" {
			s.t.Errorf("the schema %s has %s, and the type has not", name, member)
		}
	}
}

func collect(of reflect.Type, into map[string]reflect.StructField) {
	for i := range of.NumField() {
		f := of.Field(i)
		if f.Anonymous {
			collect(f.Type, into)
			continue
		}
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			into[name] = f
		}
	}
}

func (s schemas) kind(where string, of reflect.Type, schema *openapi3.Schema) {
	want := ""
	switch of.Kind() {
	case reflect.Pointer:
		s.kind(where, of.Elem(), schema)
		return
	case reflect.String:
		want = "string"
	case reflect.Bool:
		want = "boolean"
	case reflect.Int, reflect.Int64:
		want = "integer"
	case reflect.Map:
		want = "object"
	case reflect.Struct:
		want = "object"
		s.compare(of)
	case reflect.Slice:
		switch of.Elem().Kind() {
		case reflect.Uint8:
			if of != reflect.TypeFor[json.RawMessage]() {
				want = "string" // base64
			}
		default:
			want = "array"
			if schema.Items != nil {
				s.kind(where+"[]", of.Elem(), schema.Items.Value)
			}
		}
	}
	if want != "" && !schema.Type.Is(want) {
		s.t.Errorf("%s is %v, and %s in its type", where, schema.Type, want)
	}
}

// The refusal of a version names those there are, and both sides find the newest common one.
func TestCommonVersion(t *testing.T) {
	for _, tc := range []struct {
		mine, theirs []int
		want         int
		ok           bool
	}{
		{[]int{1}, []int{1}, 1, true},
		{[]int{1, 2, 3}, []int{1, 2}, 2, true},
		{[]int{1}, []int{1, 2, 3}, 1, true},
		{[]int{3}, []int{1, 2}, 0, false},
		{[]int{1}, nil, 0, false},
	} {
		if got, ok := protocol.Common(tc.mine, tc.theirs); got != tc.want || ok != tc.ok {
			t.Errorf("%v and %v: %d %v", tc.mine, tc.theirs, got, ok)
		}
	}
	if all := protocol.Versions(); all[0] != 1 || all[len(all)-1] != protocol.Version {
		t.Errorf("central takes %v and calls itself %d: the first version is taken for ever", all, protocol.Version)
	}
}
