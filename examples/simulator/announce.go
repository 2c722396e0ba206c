package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// greeting is what a client needs to know. The tokens in it are the simulator's
// own: they open nothing else, and are the same in every run.
type greeting struct {
	BaseURL          string               `json:"base_url"`
	Version          string               `json:"version"`
	AppID            wagraph.AppID        `json:"app_id"`
	AppSecret        string               `json:"app_secret"`
	BusinessID       wagraph.BusinessID   `json:"business_id"`
	SystemUserID     wagraph.SystemUserID `json:"system_user_id"`
	Token            string               `json:"token"`
	CreditLineID     wagraph.CreditLineID `json:"credit_line_id"`
	WABAIDs          []wagraph.WABAID     `json:"waba_ids"`
	ClientBusinesses []wagraph.BusinessID `json:"client_business_ids"`

	world       graphtest.World
	clientToken string
}

func announce(server *graphtest.Server, base string) greeting {
	w := server.World()
	g := greeting{
		BaseURL: base, Version: w.Version, AppID: w.App, AppSecret: w.AppSecret.Reveal(),
		BusinessID: w.Business, SystemUserID: w.Admin.ID, Token: w.Admin.Token.Reveal(), CreditLineID: w.CreditLine,
		WABAIDs: w.ClientWABAs, ClientBusinesses: w.ClientBusinesses, world: w,
	}
	if token, err := server.BusinessToken(w.WithCredit); err == nil {
		g.clientToken = token.Reveal()
	}
	return g
}

func (g greeting) writeJSON(w io.Writer) error {
	encoder := json.NewEncoder(w) // an Encoder ends the line
	encoder.SetEscapeHTML(false)
	return encoder.Encode(g)
}

func (g greeting) write(w io.Writer) error {
	var b strings.Builder
	row := func(name string, value any) { fmt.Fprintf(&b, "  %-17s %v\n", name, value) }
	fmt.Fprintf(&b, "A simulated Graph API, %s. It ends with Ctrl-C, and everything in it with it.\n\n", g.BaseURL)
	row("version", g.Version+"; v21.0 to v26.0 are served")
	row("app", g.AppID)
	row("app secret", g.AppSecret)
	row("business", g.BusinessID)
	row("system user", fmt.Sprintf("%s, an admin", g.SystemUserID))
	row("token", g.Token)
	row("credit line", g.CreditLineID)
	row("clients' WABAs", g.WABAIDs)
	row("client businesses", g.ClientBusinesses)
	row("a client's token", g.clientToken)
	b.WriteString("\nFor the examples and for programs that read the same variables:\n\n")
	for _, v := range g.environment() {
		fmt.Fprintf(&b, "export %s='%s'\n", v[0], v[1])
	}
	for _, c := range g.commands() {
		fmt.Fprintf(&b, "\n# %s\n%s\n", c.what, c.curl)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
