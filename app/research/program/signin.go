package program

import (
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
		request := protocol.SignInRequest{User: user, Password: password, AppVersion: "research"}
		given, err := client.SignIn(ctx, request)
		if agent.ReasonOf(err) == agent.OTPNeeded {
			if request.OneTime, err = m.line(fmt.Sprintf("Code of the authenticator app of %s: ", user)); err != nil {
				return nil, err
			}
			given, err = client.SignIn(ctx, request)
		}
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
	line, err := m.readLine()
	if line == "" {
		return "", errors.Join(errors.New("no password came in; type it at a terminal or pipe it in"), err)
	}
	return line, nil
}

// line asks for one.
func (m *Main) line(prompt string) (string, error) {
	fmt.Fprint(m.p.Stderr, prompt)
	line, err := m.readLine()
	if line == "" {
		return "", errors.Join(errors.New("no code came in; it is the second line of the input, after the password"), err)
	}
	return line, nil
}

// readLine reads byte by byte, so that what follows stays for the next one who reads.
func (m *Main) readLine() (string, error) {
	var line []byte
	one := make([]byte, 1)
	for len(line) < 4096 {
		n, err := m.p.Stdin.Read(one)
		if n == 1 && one[0] == '\n' {
			break
		}
		line = append(line, one[:n]...)
		if err != nil {
			return strings.TrimRight(string(line), "\r"), err
		}
	}
	return strings.TrimRight(string(line), "\r"), nil
}
