package tour

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"parvis/app/look"
	"parvis/app/robot"
	"parvis/app/screens/signin"
	"parvis/app/words"
	"parvis/assets"
	"parvis/internal/delivery"
	"parvis/sync/agent"
)

// doorkeeper is a central that asks for a code and offers an organisation's account.
type doorkeeper struct{ came chan string }

func (d *doorkeeper) SignInWithCode(_ context.Context, central, user, _, code string) (delivery.Credentials, error) {
	if code == "" {
		return delivery.Credentials{}, &agent.Error{Reason: agent.OTPNeeded}
	}
	if code != "123456" {
		return delivery.Credentials{}, &agent.Error{Reason: agent.BadOTP}
	}
	return delivery.Credentials{Central: central, User: user}, nil
}

func (d *doorkeeper) SignInWithOrganisation(ctx context.Context, in agent.OrganisationSignIn) (delivery.Credentials, error) {
	if err := in.Open(in.Central); err != nil {
		return delivery.Credentials{}, err
	}
	<-ctx.Done()
	return delivery.Credentials{}, &agent.Error{Reason: agent.OrganisationUnknown}
}

func (d *doorkeeper) OffersOrganisation(context.Context, string) (bool, error) { return true, nil }
func (d *doorkeeper) Sync(context.Context) (agent.Report, error)               { return agent.Report{}, nil }

// nobody's laptop holds nothing yet.
type nobodys struct{}

func (nobodys) Setting(context.Context, string) (string, error)   { return "", nil }
func (nobodys) SaveSetting(context.Context, string, string) error { return nil }

// TestTourSignIn walks through what the sign-in screen can ask for.
func TestTourSignIn(t *testing.T) {
	out := os.Getenv("TOUR")
	for _, lang := range []string{"en", "fr", "nl"} {
		t.Run(lang, func(t *testing.T) {
			app := test.NewTempApp(t)
			app.Settings().SetTheme(look.New(look.Light, look.Normal))
			texts, err := words.New(assets.Translations, lang)
			must(t, err)
			ui, win := robot.NewThread(), app.NewWindow("Parvis")
			win.Resize(fyne.NewSize(1280, 800))
			r := robot.New(robot.Params{Canvas: win.Canvas(), Do: ui.Do, Patience: patience})
			door := &doorkeeper{came: make(chan string, 1)}
			opened := make(chan string, 1)
			ui.Do(func() {
				win.SetContent(signin.NewView(signin.ViewParams{
					Presenter: &signin.Presenter{Agent: door, Store: nobodys{}, Address: "https://central.example.org", User: "ines"}, Words: texts,
					Go: func(work func() func()) {
						go func() {
							if show := work(); show != nil {
								ui.Soon(show)
							}
						}()
					},
					After:      func(_ time.Duration, f func()) func() { f(); return func() {} },
					Browse:     func(address string) error { opened <- address; return nil },
					OnEntered:  func(c delivery.Credentials) { door.came <- c.User },
					OnLanguage: func() {}, OnError: func(err error) { t.Error(err) },
				}).Content())
			})
			picture := func(name string) {
				sound(t, r, lang+" "+name)
				if out != "" {
					must(t, r.Picture(filepath.Join(out, "sign-in-"+lang, name+".png")))
				}
			}
			must(t, r.See(t.Context(), texts.T("signin.organisation")))
			picture("01-organisation-offered")
			must(t, r.Tap(t.Context(), texts.T("signin.organisation")))
			must(t, r.See(t.Context(), texts.T("signin.organisation_working")))
			if address := <-opened; address != "https://central.example.org" {
				t.Errorf("the browser was sent to %s", address)
			}
			picture("02-in-the-browser")
			must(t, r.Tap(t.Context(), texts.T("common.cancel")))
			must(t, r.See(t.Context(), texts.T("signin.organisation_unknown")))
			picture("03-unknown-at-central")
			must(t, r.Type(t.Context(), texts.T("signin.password"), "correct horse battery"))
			must(t, r.Tap(t.Context(), texts.T("signin.button")))
			must(t, r.See(t.Context(), texts.T("signin.code_needed")))
			picture("04-code-asked-for")
			must(t, r.Type(t.Context(), texts.T("signin.code"), "000000"))
			must(t, r.Tap(t.Context(), texts.T("signin.button")))
			must(t, r.See(t.Context(), texts.T("signin.code_wrong")))
			picture("05-code-wrong")
			must(t, r.Type(t.Context(), texts.T("signin.code"), "123456"))
			must(t, r.Tap(t.Context(), texts.T("signin.button")))
			select {
			case who := <-door.came:
				if who != "ines" {
					t.Errorf("%s came in", who)
				}
			case <-time.After(5 * time.Second):
				t.Error("nobody came in")
			}
		})
	}
}
