package endpoint_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/oauth2-proxy/mockoidc"

	"parvis/internal/centralstore"
	"parvis/internal/delivery"
	"parvis/internal/interview"
	"parvis/internal/seal"
	"parvis/internal/study"
	"parvis/sync/endpoint"
	"parvis/sync/protocol"
)

// world is a central with two studies, mall and fair, in each of which there is something of everything; there is no study moon.
type world struct {
	*central
	inMall, inFair protocol.EnrolAnswer
	forms          map[string]string // by study, the sum of its questionnaire
	pictures       map[string]string // by study, the sum of a picture of an interview at its site north
	records        map[string]protocol.Record
	marks          map[string]mark // of things, by what gives them away
	handIn         seal.Pair
	made           int
	provider       *mockoidc.MockOIDC // of the organisation
	app            string             // where an app listens for its browser
}

// mark says of what something is. What is public is shown to all who may know the study; what has no site to all who may read it.
type mark struct {
	study, site string
	public      bool
}

func newWorld(t *testing.T) *world {
	t.Helper()
	pair, err := seal.NewPair()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{forms: map[string]string{}, pictures: map[string]string{}, records: map[string]protocol.Record{}, marks: map[string]mark{}, handIn: pair}
	if w.provider, err = mockoidc.Run(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.provider.Shutdown() })
	listening := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(listening.Close)
	w.app = listening.URL + "/"
	w.central = newCentral(t, func(p *endpoint.Params) {
		p.HandIn = &endpoint.HandInKey{Recipient: pair.Recipient, Keys: pair.Keys()}
		p.Import = importNamed
		p.Organisation = &endpoint.Organisation{Issuer: w.provider.Issuer(), ClientID: w.provider.ClientID, ClientSecret: w.provider.ClientSecret, Address: w.app}
		p.Limits.Stranger = endpoint.Rate{PerSecond: 1e6, AtOnce: 1e6} // limits have tests of their own
		p.Limits.Wrong, p.Limits.WrongEverywhere = p.Limits.Stranger, p.Limits.Stranger
	})
	fair := w.study(t, "fair")
	w.forms["mall"], w.forms["fair"], w.forms["moon"] = w.pack.Study.Form.SHA256, fair.Study.Form.SHA256, protocol.Sum([]byte("moon"))
	w.pictures["moon"] = protocol.Sum([]byte("a picture of moon"))
	w.inMall, w.inFair = w.device(t, "mall"), w.device(t, "fair")
	w.fill(t, "mall", w.inMall)
	w.fill(t, "fair", w.inFair)
	w.records["moon"] = contact(t, w.inMall, 50, "moon")
	return w
}

// importNamed takes the workbook's bytes for the study's id; the real importer is tested with the program.
func importNamed(_ context.Context, up endpoint.Upload) (endpoint.Imported, error) {
	pack := centralstore.StudyPackage{Actor: up.Actor, Files: [][]byte{[]byte("form")}}
	pack.Study.ID, pack.Study.Title = string(up.Workbook), study.Text{"": "Mall 2026"}
	pack.Study.Form.SHA256, pack.Study.Form.Size = protocol.Sum([]byte("form")), 4
	return endpoint.Imported{Package: pack}, nil
}

// fill puts something of everything into a study.
func (w *world) fill(t *testing.T, study string, d protocol.EnrolAnswer) {
	t.Helper()
	picture := []byte("a picture of " + study)
	w.pictures[study] = protocol.Sum(picture)
	north, south := w.interview(t, d, 1, study, "north", picture), w.interview(t, d, 2, study, "south", nil)
	for _, r := range w.push(t, d, north, south).Receipts {
		if r.Status != protocol.Received {
			t.Fatalf("%+v", r)
		}
	}
	w.records[study] = north
	path := fmt.Sprintf("%s%s?study=%s&size=%d&offset=0", protocol.PathAttachment, w.pictures[study], study, len(picture))
	if got := w.do(t, request{method: http.MethodPut, path: path, token: d.Token, body: picture}); got.status != http.StatusOK {
		t.Fatal(describe(got))
	}
	m, err := w.store.SendMessage(context.Background(), centralstore.MessageOrder{Study: study, Text: "to all of " + study, Actor: "test"})
	if err != nil {
		t.Fatal(err)
	}
	w.marks[north.ID], w.marks[south.ID] = mark{study: study, site: "north"}, mark{study: study, site: "south"}
	w.marks[d.Device], w.marks[m.ID] = mark{study: study}, mark{study: study}
	w.marks[w.forms[study]] = mark{study: study, public: true}
	w.marks[string(picture)] = mark{study: study, site: "north"}
}

func (w *world) interview(t *testing.T, d protocol.EnrolAnswer, seq int64, study, site string, picture []byte) protocol.Record {
	t.Helper()
	i := interview.Interview{ID: uuid.Must(uuid.NewV7()).String(), Study: study, Site: site, Disposition: interview.Complete, Answers: "<data/>", Started: interview.Moment{UTC: 1786440090000, Offset: 120}}
	if picture != nil {
		i.Attachments = []interview.Attachment{{Name: "shelf-1.jpg", SHA256: protocol.Sum(picture), Size: int64(len(picture)), Question: "/data/shelf"}}
	}
	body := toJSON(t, i)
	return protocol.Record{ID: i.ID, Kind: protocol.KindInterview, Revision: 1, Study: study, Epoch: d.Epoch, Seq: seq, SHA256: protocol.Sum(body), Body: body}
}

// samples makes, for each route, a request that is about something of a study. Each call makes a new one, since some work once.
func (w *world) samples(t *testing.T) map[string]func(study string) request {
	get := func(path string) func(string) request {
		return func(string) request { return request{method: http.MethodGet, path: path} }
	}
	return map[string]func(string) request{
		"POST /v1/enrol": func(string) request {
			return request{method: http.MethodPost, path: protocol.PathEnrol, body: toJSON(t, protocol.EnrolRequest{Code: w.code(t, "mall")})}
		},
		"POST /v1/sign-in": func(string) request {
			w.made++
			name := fmt.Sprintf("signer%d", w.made)
			w.person(t, name, centralstore.Grant{Role: centralstore.Viewer})
			return request{method: http.MethodPost, path: protocol.PathSignIn, body: toJSON(t, protocol.SignInRequest{User: name, Password: "a long enough password"})}
		},
		"GET /v1/sign-in/options":           get(protocol.PathSignInOptions),
		"GET /v1/sign-in/organisation":      func(string) request { return w.organisationBegin() },
		"POST /v1/sign-in/organisation":     func(string) request { return w.organisationEnd(t) },
		"GET /v1/sign-in/organisation/back": func(string) request { return w.organisationBack(t) },
		"POST /v1/codes": func(study string) request {
			return request{method: http.MethodPost, path: protocol.PathCodes, body: toJSON(t, protocol.CodesRequest{Studies: []string{study}, Interviewer: "0417"})}
		},
		"GET /v1/devices":                  func(study string) request { return get(protocol.PathDevices + "?study=" + study)("") },
		"GET /v1/codes":                    func(study string) request { return get(protocol.PathCodes + "?study=" + study)("") },
		"GET /v1/devices/{device}/ending":  func(study string) request { return w.aboutEnding(t, study) },
		"POST /v1/devices/{device}/revoke": func(study string) request { return w.ending(t, study, "revoke") },
		"POST /v1/devices/{device}/lost":   func(study string) request { return w.ending(t, study, "lost") },
		"GET /v1/audit":                    func(study string) request { return get(protocol.PathAudit + "?study=" + study)("") },
		"GET /enrol":                       get(protocol.PathEnrolPage),
		"GET /v1/pull":                     get(protocol.PathPull),
		"POST /v1/push": func(study string) request {
			return request{method: http.MethodPost, path: protocol.PathPush, body: protocol.AppendBatch(nil, []protocol.Record{contact(t, w.inMall, 60, study)})}
		},
		"POST /v1/have": func(study string) request {
			return request{method: http.MethodPost, path: protocol.PathHave, body: toJSON(t, protocol.HaveRequest{Records: []protocol.Identity{w.records[study].Identity()}})}
		},
		"POST /v1/till": func(study string) request {
			return request{method: http.MethodPost, path: protocol.PathTill, header: map[string]string{protocol.EpochsHeader: protocol.WriteEpochs([]protocol.EpochNumbers{{Epoch: uuid.NewString()}})},
				body: toJSON(t, protocol.TillRequest{Laptop: delivery.Sum([]byte("a key")), Statements: []protocol.LeaseStatement{{Study: study, Epoch: "e"}}})}
		},
		"POST /v1/leases": func(study string) request {
			return request{method: http.MethodPost, path: protocol.PathLeases, body: toJSON(t, protocol.LeasesRequest{Statements: []protocol.LeaseStatement{{Study: study, Epoch: "e"}}})}
		},
		"POST /v1/hand-in":             func(study string) request { return w.handInOf(t, study) },
		"GET /v1/blobs/{sha256}":       func(study string) request { return get(protocol.PathBlob + w.forms[study])("") },
		"GET /v1/attachments/{sha256}": func(study string) request { return get(protocol.PathAttachment + w.pictures[study])("") },
		"GET /v1/attachments/{sha256}/have": func(study string) request {
			return get(protocol.PathAttachment + w.pictures[study] + "/have?study=" + study)("")
		},
		"PUT /v1/attachments/{sha256}":         func(study string) request { return w.chunkFor(study) },
		"GET /v1/research/{study}/records":     func(study string) request { return get(protocol.PathResearch + study + "/records")("") },
		"GET /v1/research/{study}/tallies":     func(study string) request { return get(protocol.PathResearch + study + "/tallies")("") },
		"GET /v1/research/{study}/assignments": func(study string) request { return get(protocol.PathResearch + study + "/assignments")("") },
		"GET /v1/research/{study}/quotas":      func(study string) request { return get(protocol.PathResearch + study + "/quotas")("") },
		"GET /v1/studies":                      get(protocol.PathStudies),
		"PUT /v1/studies":                      func(study string) request { return w.workbookOf(t, study) },
		"POST /v1/studies/{study}/decisions":   func(study string) request { return w.decisionsOf(t, study) },
		"POST /v1/messages": func(study string) request {
			return request{method: http.MethodPost, path: protocol.PathMessages, body: toJSON(t, protocol.MessageRequest{Study: study, Interviewer: "0417", Text: "Well done!"})}
		},
		"GET /v1/openapi.yaml": get(protocol.PathDocument),
		"GET /healthz":         get(protocol.PathHealth),
		"GET /readyz":          get(protocol.PathReady),
	}
}

// decisionsOf are two about interviews at two sites; the calls are made by people of other names, who may not send them.
func (w *world) decisionsOf(t *testing.T, study string) request {
	body := protocol.DecisionsRequest{}
	for _, by := range []string{"ines", "nobody"} {
		body.Decisions = append(body.Decisions, toJSON(t, protocol.Decision{
			ID: uuid.Must(uuid.NewV7()).String(), Study: study, Kind: delivery.ReviewComment, Subject: w.records[study].ID,
			Body: []byte(`{"revision":1}`), Reason: "seen", MadeAt: 1786440400000, MadeBy: by,
		}))
	}
	return request{method: http.MethodPost, path: protocol.PathDecisions(study), body: toJSON(t, body)}
}

func (w *world) handInOf(t *testing.T, study string) request {
	token := map[string]string{"mall": w.inMall.Token, "fair": w.inFair.Token, "moon": "pvd_made-up"}[study]
	content, err := protocol.WriteHandIn(protocol.HandIn{Token: token, HighSeq: 2}, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := seal.File([]string{w.handIn.Recipient}, content)
	if err != nil {
		t.Fatal(err)
	}
	return request{method: http.MethodPost, path: protocol.PathHandIn, body: closed, header: map[string]string{"Content-Type": protocol.ContentHandIn}}
}

// chunkFor is a whole small picture that was not there before.
func (w *world) chunkFor(study string) request {
	w.made++
	picture := bytes.Repeat([]byte{byte(w.made), byte(w.made >> 8)}, 50)
	path := fmt.Sprintf("%s%s?study=%s&size=100&offset=0", protocol.PathAttachment, protocol.Sum(picture), study)
	return request{method: http.MethodPut, path: path, body: picture}
}

// workbookOf is one of a study; moon is never made, so that it stays away.
func (w *world) workbookOf(t *testing.T, study string) request {
	if study == "moon" {
		study = "moon " // no id of a study
	}
	body, contentType := upload(t, map[string]string{"workbook:w.xlsx": study})
	return request{method: http.MethodPut, path: protocol.PathStudies, body: body, header: map[string]string{"Content-Type": contentType}}
}

// aboutEnding asks what ending a device would touch.
func (w *world) aboutEnding(t *testing.T, study string) request {
	r := w.ending(t, study, "ending")
	r.method = http.MethodGet
	return r
}

// ending is of a device of its own, since it works once.
func (w *world) ending(t *testing.T, study, how string) request {
	device := uuid.NewString()
	if study != "moon" {
		device = w.device(t, study).Device
	}
	return request{method: http.MethodPost, path: protocol.PathDevices + "/" + device + "/" + how}
}

// organisationBegin leads to the organisation's door, where nobody answers who began elsewhere: it stops at the app.
func (w *world) organisationBegin() request {
	q := url.Values{"redirect": {w.app}, "state": {appState}, "challenge": {centralstore.Challenge(appVerifier)}}
	return request{method: http.MethodGet, path: protocol.PathOrganisation + "?" + q.Encode()}
}

func (w *world) organisationBack(t *testing.T) request {
	w.made++
	state := fmt.Sprint("state", w.made)
	err := w.store.BeginOrganisationSignIn(context.Background(), centralstore.OrganisationSignIn{
		State: state, Browser: "browser", Redirect: w.app, AppState: appState, Challenge: centralstore.Challenge(appVerifier),
	})
	if err != nil {
		t.Fatal(err)
	}
	return request{method: http.MethodGet, path: protocol.PathOrganisationBack + "?error=x&state=" + state, header: map[string]string{"Cookie": "parvis_sign_in=browser"}}
}

func (w *world) organisationEnd(t *testing.T) request {
	w.made++
	name := fmt.Sprintf("organised%d", w.made)
	w.person(t, name, centralstore.Grant{Role: centralstore.Viewer})
	code, err := w.store.GrantOrganisationSignIn(context.Background(), name, centralstore.Challenge(appVerifier))
	if err != nil {
		t.Fatal(err)
	}
	return request{method: http.MethodPost, path: protocol.PathOrganisation, body: toJSON(t, protocol.OrganisationRequest{Code: code, Verifier: appVerifier})}
}
