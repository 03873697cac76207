package program

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/term"

	"parvis/sync/agent"
	"parvis/sync/protocol"
)

// signIn makes a client with a token: of a file, of the environment, or for a user's name and password.
func (m *Main) signIn(ctx context.Context, central, tokenFile, user string) (*agent.Client, error) {
	client, err := agent.NewClient(agent.ClientParams{Central: central, Transport: m.p.Transport, Now: m.p.Now})
	if err != nil {
		return nil, err
	}
	token := strings.TrimSpace(m.p.Getenv("PARVIS_TOKEN"))
	switch {
	case tokenFile != "":
		text, err := os.ReadFile(tokenFile)
		if err != nil {
			return nil, fmt.Errorf("reading the token: %w", err)
		}
		if token = strings.TrimSpace(string(text)); token == "" {
			return nil, fmt.Errorf("there is no token in %s; make one with central token", tokenFile)
		}
	case user != "":
		password, err := m.password(user)
		if err != nil {
			return nil, err
		}
		given, err := client.SignIn(ctx, protocol.SignInRequest{User: user, Password: password, AppVersion: "research"})
		if err != nil {
			return nil, err
		}
		token = given.Token
	case token == "":
		return nil, errors.New("who are you? Give --token-file FILE or --user NAME, or put a token into PARVIS_TOKEN; central token makes one")
	}
	client.Authorise(token)
	return client, nil
}

// password asks without showing what is typed; where nobody sits at a terminal it is the first line of the input.
func (m *Main) password(user string) (string, error) {
	if f, ok := m.p.Stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprintf(m.p.Stderr, "Password of %s: ", user)
		typed, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(m.p.Stderr)
		if err != nil {
			return "", fmt.Errorf("reading the password: %w", err)
		}
		return string(typed), nil
	}
	line, err := bufio.NewReader(m.p.Stdin).ReadString('\n')
	if line = strings.TrimRight(line, "\r\n"); line == "" {
		return "", errors.Join(errors.New("no password came in; type it at a terminal or pipe it in"), err)
	}
	return line, nil
}
