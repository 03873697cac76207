package program

import (
	"context"
	"fmt"
	"time"

	"parvis/internal/centralstore"
)

type token struct {
	New    tokenNew    `cmd:"" default:"withargs" help:"Make one. It is shown this once."`
	List   tokenList   `cmd:"" help:"List those that are valid."`
	Revoke tokenRevoke `cmd:"" help:"End one."`
}

type tokenNew struct {
	data
	User   string        `help:"Whose token." required:"" placeholder:"NAME"`
	Valid  time.Duration `help:"How long it is valid." default:"720h"`
	Note   string        `help:"What it is for, to tell it from others later." placeholder:"TEXT"`
	Role   string        `help:"No stronger role than this, though the user has one." enum:"administrator,researcher,supervisor,viewer," default:"" placeholder:"ROLE"`
	Study  string        `help:"For this study only." placeholder:"STUDY"`
	Region string        `help:"For one region of the study only."`
	Site   string        `help:"For one site of the study only."`
	Quiet  bool          `short:"q" help:"Print the token and nothing else."`
}

// Run prints the token, this once.
func (t *tokenNew) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, t.data, false)
	if err != nil {
		return err
	}
	within := centralstore.Grant{Role: centralstore.Role(t.Role), Study: t.Study, Region: t.Region, Site: t.Site}
	issued, err := store.NewToken(ctx, centralstore.TokenOrder{User: t.User, Valid: t.Valid, Note: t.Note, Within: within, Actor: actor()})
	if err != nil {
		return err
	}
	m.print("%s\n", issued.Secret)
	if !t.Quiet {
		fmt.Fprintf(m.p.Stderr, "This is a token of %s (%s), valid until %s. It is shown this once; whoever has it can do what it may do.\n"+
			"Give it to a command in the variable PARVIS_TOKEN rather than on the command line.\n", issued.User, issued.Role, when(issued.Expires))
	}
	return nil
}

type tokenList struct {
	data
	User string `help:"Of this user only." placeholder:"NAME"`
}

// Run lists the tokens.
func (t *tokenList) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, t.data, false)
	if err != nil {
		return err
	}
	list, err := store.Tokens(ctx, t.User)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		m.print("There is no valid token.\n")
		return nil
	}
	rows := [][]string{{"TOKEN", "USER", "FROM", "ONLY", "VALID UNTIL", "LAST USED", "NOTE"}}
	for _, one := range list {
		only, used := "", "never"
		if one.Within != (centralstore.Grant{}) {
			only = string(one.Within.Role) + " " + where(one.Within)
		}
		if one.Used > 0 {
			used = ago(m.p.Now().Sub(time.UnixMilli(one.Used)))
			if m.p.Now().Sub(time.UnixMilli(one.Used)) < time.Hour {
				used = "within the hour" // it is written no more often
			}
		}
		rows = append(rows, []string{one.ID, one.User, one.Purpose, only, when(time.UnixMilli(one.Expires)), used, one.Note})
	}
	table(m.p.Stdout, rows)
	return nil
}

type tokenRevoke struct {
	data
	Token string `arg:"" help:"The token, as central token list names it."`
}

// Run ends the token.
func (t *tokenRevoke) Run(ctx context.Context, m *Main) error {
	store, err := m.open(ctx, t.data, false)
	if err != nil {
		return err
	}
	if err := store.RevokeToken(ctx, t.Token, actor()); err != nil {
		return err
	}
	m.print("The token %s is ended.\n", t.Token)
	return nil
}
