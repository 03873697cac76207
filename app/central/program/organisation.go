package program

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"parvis/sync/endpoint"
)

// organisation is how people sign in with their organisation's account.
type organisation struct {
	Address        string `group:"Signing in:" help:"Central's own address, as browsers and devices reach it." env:"PARVIS_CENTRAL_ADDRESS" placeholder:"https://central.example.org"`
	OIDCIssuer     string `name:"oidc-issuer" group:"Signing in:" help:"Take the accounts of this OpenID Connect provider beside passwords. The redirect URI to register there is ADDRESS/v1/sign-in/organisation/back." placeholder:"https://login.example.org"`
	OIDCClientID   string `name:"oidc-client-id" group:"Signing in:" help:"Central's client ID there." placeholder:"ID"`
	OIDCSecretFile string `name:"oidc-secret-file" group:"Signing in:" help:"A file with central's client secret there; or the secret in the variable PARVIS_OIDC_SECRET." type:"existingfile" placeholder:"FILE"`
	OIDCClaim      string `name:"oidc-claim" group:"Signing in:" help:"What of the account is the user's name at central. Left out: the e-mail address, which the provider must have verified." placeholder:"CLAIM"`
}

// provider is nil where there is none. Central's own address is that of its certificate where it is not given.
func (o *organisation) provider(hosts []string) (*endpoint.Organisation, error) {
	if o.OIDCIssuer == "" {
		if o.OIDCClientID+o.OIDCSecretFile+o.OIDCClaim != "" {
			return nil, errors.New("--oidc-client-id, --oidc-secret-file and --oidc-claim go with --oidc-issuer")
		}
		return nil, nil
	}
	if o.Address == "" && len(hosts) > 0 {
		o.Address = "https://" + hosts[0]
	}
	secret := os.Getenv("PARVIS_OIDC_SECRET")
	if o.OIDCSecretFile != "" {
		text, err := os.ReadFile(o.OIDCSecretFile)
		if err != nil {
			return nil, fmt.Errorf("reading the client secret: %w", err)
		}
		secret = string(text)
	}
	return &endpoint.Organisation{
		Issuer: o.OIDCIssuer, ClientID: o.OIDCClientID, ClientSecret: strings.TrimSpace(secret), Claim: o.OIDCClaim, Address: o.Address,
	}, nil
}
