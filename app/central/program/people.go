package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"

	"parvis/internal/centralstore"
)

type user struct {
	Add userAdd `cmd:"" help:"Add a person."`
}

type userAdd struct {
	data
	Name          string   `arg:"" help:"The name to sign in with."`
	Role          string   `help:"${enum}." enum:"administrator,researcher,supervisor,viewer" required:""`
	Study         []string `help:"For this study only; may be given several times. Left out: for every study." placeholder:"STUDY"`
	Region        string   `help:"For one region of the study only."`
	Site          string   `help:"For one site of the study only."`
	PasswordStdin bool     `help:"Read the password from the first line of standard input."`
}

// Run asks for the password and adds the person.
func (u *userAdd) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, true)
	if err != nil {
		return err
	}
	var grants []centralstore.Grant
	for _, study := range u.Study {
		grants = append(grants, centralstore.Grant{Role: centralstore.Role(u.Role), Study: study, Region: u.Region, Site: u.Site})
	}
	if len(u.Study) == 0 {
		grants = append(grants, centralstore.Grant{Role: centralstore.Role(u.Role), Region: u.Region, Site: u.Site})
	}
	password, err := u.password(m)
	if err != nil {
		return err
	}
	if err := store.AddUser(ctx, centralstore.NewUser{Name: u.Name, Password: password, Grants: grants, Actor: actor()}); err != nil {
		return err
	}
	m.print("Added %s as %s%s.\n", strings.ToLower(u.Name), u.Role, u.scope())
	return nil
}

func (u *userAdd) scope() string {
	if len(u.Study) == 0 {
		return " for every study"
	}
	scope := " for " + strings.Join(u.Study, ", ")
	switch {
	case u.Region != "":
		scope += ", region " + u.Region
	case u.Site != "":
		scope += ", site " + u.Site
	}
	return scope
}

func (u *userAdd) password(m *Main) (string, error) {
	if u.PasswordStdin {
		line, err := bufio.NewReader(io.LimitReader(m.p.Stdin, 4096)).ReadString('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("reading the password: %w", err)
		}
		return strings.TrimRight(line, "\r\n"), nil
	}
	in, ok := m.p.Stdin.(*os.File)
	if !ok || !term.IsTerminal(int(in.Fd())) {
		return "", errors.New("there is no terminal to ask for the password; use --password-stdin")
	}
	first, err := ask(m, in, fmt.Sprintf("Password for %s (%d characters or more): ", u.Name, centralstore.MinPassword))
	if err != nil {
		return "", err
	}
	again, err := ask(m, in, "Once more: ")
	if err != nil {
		return "", err
	}
	if first != again {
		return "", errors.New("the two passwords differ; nothing was changed")
	}
	return first, nil
}

func ask(m *Main, in *os.File, prompt string) (string, error) {
	fmt.Fprint(m.p.Stderr, prompt)
	typed, err := term.ReadPassword(int(in.Fd()))
	fmt.Fprintln(m.p.Stderr)
	if err != nil {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	return string(typed), nil
}

type token struct {
	data
	User  string        `help:"Whose token." required:"" placeholder:"NAME"`
	Valid time.Duration `help:"How long it is valid." default:"720h"`
	Quiet bool          `short:"q" help:"Print the token and nothing else."`
}

// Run prints the token, this once.
func (t *token) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, t.data, false)
	if err != nil {
		return err
	}
	issued, err := store.IssueToken(ctx, t.User, t.Valid)
	if err != nil {
		return err
	}
	m.print("%s\n", issued.Secret)
	if !t.Quiet {
		fmt.Fprintf(m.p.Stderr, "This is the token of %s (%s), valid until %s. It is shown this once; whoever has it can do what %s may do.\n"+
			"Give it to a command in the variable PARVIS_TOKEN rather than on the command line.\n", issued.User, issued.Role, when(issued.Expires), issued.User)
	}
	return nil
}
