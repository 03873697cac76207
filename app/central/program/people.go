package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"parvis/internal/centralstore"
)

type user struct {
	Add        userAdd      `cmd:"" help:"Add a person."`
	List       userList     `cmd:"" help:"List everybody with their roles."`
	Password   userPassword `cmd:"" help:"Set a new password. Whatever the person is signed in with ends."`
	Disable    userDisable  `cmd:"" help:"Keep a person out. Whatever the person is signed in with ends."`
	Enable     userEnable   `cmd:"" help:"Let a person in again who was kept out."`
	Grant      userGrant    `cmd:"" help:"Give a person a further role."`
	RevokeRole userRevoke   `cmd:"" help:"Take a role away."`
	Totp       userTotp     `cmd:"" help:"Ask the person for a code of an authenticator app too, or no longer (--off)."`
}

// scope is where a role holds.
type scope struct {
	Role   string   `help:"${enum}." enum:"administrator,researcher,supervisor,viewer" required:""`
	Study  []string `help:"For this study only; may be given several times. Left out: for every study." placeholder:"STUDY"`
	Region string   `help:"For one region of the study only."`
	Site   string   `help:"For one site of the study only."`
}

func (s scope) grants() []centralstore.Grant {
	if len(s.Study) == 0 {
		return []centralstore.Grant{{Role: centralstore.Role(s.Role), Region: s.Region, Site: s.Site}}
	}
	var grants []centralstore.Grant
	for _, study := range s.Study {
		grants = append(grants, centralstore.Grant{Role: centralstore.Role(s.Role), Study: study, Region: s.Region, Site: s.Site})
	}
	return grants
}

// words say it.
func (s scope) words() string {
	if len(s.Study) == 0 {
		return " for every study"
	}
	words := " for " + strings.Join(s.Study, ", ")
	switch {
	case s.Region != "":
		words += ", region " + s.Region
	case s.Site != "":
		words += ", site " + s.Site
	}
	return words
}

type userAdd struct {
	data
	scope
	Name          string `arg:"" help:"The name to sign in with; for the organisation's account the e-mail address."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
	NoPassword    bool   `help:"No password: the person signs in with the organisation's account only."`
}

// Run asks for the password and adds the person.
func (u *userAdd) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, true)
	if err != nil {
		return err
	}
	one := centralstore.NewUser{Name: u.Name, NoPassword: u.NoPassword, Grants: u.grants(), Actor: actor()}
	if !u.NoPassword {
		if one.Password, err = m.newPassword(u.Name, u.PasswordStdin); err != nil {
			return err
		}
	}
	if err := store.AddUser(ctx, one); err != nil {
		return err
	}
	m.print("Added %s as %s%s.\n", strings.ToLower(u.Name), u.Role, u.words())
	return nil
}

// newPassword asks for one twice, or reads it from standard input.
func (m *Main) newPassword(name string, stdin bool) (string, error) {
	if stdin {
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
	first, err := ask(m, in, fmt.Sprintf("Password for %s (%d characters or more): ", name, centralstore.MinPassword))
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
