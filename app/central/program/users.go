package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"parvis/internal/centralstore"
)

type userList struct{ data }

// Run lists everybody, a line for each role.
func (u *userList) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	list, err := store.Users(ctx)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		m.print("There is nobody yet. Add somebody with: central user add NAME --role supervisor --study STUDY%s\n", u.flag())
		return nil
	}
	rows := [][]string{{"NAME", "ROLE", "WHERE", "SIGNS IN WITH", ""}}
	for _, one := range list {
		name, with, state := one.Name, "password", ""
		switch {
		case !one.Password:
			with = "organisation"
		case one.OneTime:
			with = "password and code"
		}
		if one.Disabled {
			state = "kept out"
		}
		for _, g := range one.Grants {
			rows = append(rows, []string{name, string(g.Role), where(g), with, state})
			name, with, state = "", "", ""
		}
	}
	table(m.p.Stdout, rows)
	return nil
}

// where says the scope of a grant.
func where(g centralstore.Grant) string {
	switch {
	case g.Study == "":
		return "everywhere"
	case g.Region != "":
		return g.Study + ", region " + g.Region
	case g.Site != "":
		return g.Study + ", site " + g.Site
	}
	return g.Study
}

type userPassword struct {
	data
	Name          string `arg:"" help:"Whose password."`
	PasswordStdin bool   `help:"Read the password from the first line of standard input."`
}

// Run sets the password.
func (u *userPassword) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	password, err := m.newPassword(u.Name, u.PasswordStdin)
	if err != nil {
		return err
	}
	if err := store.SetPassword(ctx, u.Name, password, actor()); err != nil {
		return err
	}
	m.print("%s has a new password, and is signed out everywhere.\n", strings.ToLower(u.Name))
	return nil
}

type userDisable struct {
	data
	Name string `arg:"" help:"Whom to keep out."`
}

// Run keeps the person out.
func (u *userDisable) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	if err := store.DisableUser(ctx, u.Name, actor()); err != nil {
		return err
	}
	m.print("%s is kept out and signed out everywhere. What they may do is remembered: central user enable lets them in again.\n", strings.ToLower(u.Name))
	return nil
}

type userEnable struct {
	data
	Name string `arg:"" help:"Whom to let in."`
}

// Run lets the person in.
func (u *userEnable) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	if err := store.EnableUser(ctx, u.Name, actor()); err != nil {
		return err
	}
	m.print("%s can sign in again. Tokens that were ended stay ended.\n", strings.ToLower(u.Name))
	return nil
}

type userGrant struct {
	data
	scope
	Name string `arg:"" help:"Who gets the role."`
}

// Run gives the role.
func (u *userGrant) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	for _, g := range u.grants() {
		if err := store.GrantRole(ctx, u.Name, g, actor()); err != nil {
			return err
		}
	}
	m.print("%s is %s%s, from now on.\n", strings.ToLower(u.Name), u.Role, u.words())
	return nil
}

type userRevoke struct {
	data
	scope
	Name string `arg:"" help:"Who loses the role."`
}

// Run takes the role away.
func (u *userRevoke) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	for _, g := range u.grants() {
		if err := store.RevokeRole(ctx, u.Name, g, actor()); err != nil {
			return err
		}
	}
	m.print("%s is no longer %s%s.\n", strings.ToLower(u.Name), u.Role, u.words())
	return nil
}

type userTotp struct {
	data
	Name   string `arg:"" help:"Whose codes."`
	Off    bool   `help:"Ask for no codes any more, as when the phone with the app is lost."`
	Issuer string `help:"What the app shows beside the name." default:"Parvis"`
}

// mostTypos is how often a first code may be mistyped.
const mostTypos = 3

// Run shows a secret, this once, and makes it active when a code of it comes back.
func (u *userTotp) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, u.data, false)
	if err != nil {
		return err
	}
	name := strings.ToLower(u.Name)
	if u.Off {
		if err := store.DropOneTime(ctx, name, actor()); err != nil {
			return err
		}
		m.print("%s signs in without a code again.\n", name)
		return nil
	}
	setup, err := store.BeginOneTime(ctx, name, u.Issuer, actor())
	if err != nil {
		return err
	}
	if err := m.drawQR(setup.URI); err != nil {
		return err
	}
	m.print("\n%s\n\nScan this with an authenticator app, or type the secret into it: %s\nIt is shown this once; whoever has it can make codes.\n", setup.URI, setup.Secret)
	in := bufio.NewReader(io.LimitReader(m.p.Stdin, 4096))
	for range mostTypos {
		fmt.Fprint(m.p.Stderr, "The code that the app shows now: ")
		code, err := in.ReadString('\n')
		if strings.TrimSpace(code) == "" {
			return errors.Join(errors.New("no code came; nothing was changed"), ignoreEnd(err))
		}
		err = store.ConfirmOneTime(ctx, name, code, actor())
		switch {
		case err == nil:
			m.print("From now on %s signs in with password and code. Without the phone: central user totp %s --off%s\n", name, name, u.flag())
			return nil
		case centralstore.CodeOf(err) != centralstore.BadOTP:
			return err
		}
		fmt.Fprintln(m.p.Stderr, "That is not right.")
	}
	return errors.New("the code was wrong; nothing was changed. Is the clock of the phone right, and that of this machine?")
}

func ignoreEnd(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}
