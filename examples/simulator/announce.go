package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/graphtest"
)

// greeting is everything that a client needs. The tokens in it are the
// simulator's own: they work only there, and are the same in every run.
type greeting struct {
	BaseURL          string             `json:"base_url"`
	Version          string             `json:"version"`
	AppID            graph.AppID        `json:"app_id"`
	AppSecret        string             `json:"app_secret"`
	BusinessID       graph.BusinessID   `json:"business_id"`
	SystemUserID     graph.SystemUserID `json:"system_user_id"`
	Token            string             `json:"token"`
	CreditLineID     graph.CreditLineID `json:"credit_line_id"`
	WABAIDs          []graph.WABAID     `json:"waba_ids"`
	ClientBusinesses []graph.BusinessID `json:"client_business_ids"`

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

// write prints what a person needs: ids, lines to export, and calls to try. The
// calls are short because they take the tokens from the exported variables.
func (g greeting) write(w io.Writer) error {
	var b strings.Builder
	row := func(name string, values ...string) {
		head := fmt.Sprintf("  %-17s ", name)
		b.WriteString(cli.Wrap(head, strings.Repeat(" ", len(head)), strings.Join(values, " ")))
	}
	fmt.Fprintf(&b, "A simulated Graph API, %s\nCtrl-C ends it. It keeps nothing.\n\n", g.BaseURL)
	row("version", g.Version+"; v21.0 to v26.0 are served")
	row("app", string(g.AppID))
	row("business", string(g.BusinessID))
	row("system user", fmt.Sprintf("%s, an admin", g.SystemUserID))
	row("credit line", string(g.CreditLineID))
	row("clients' WABAs", texts(g.WABAIDs)...)
	row("client businesses", texts(g.ClientBusinesses)...)
	b.WriteString("\nFor the examples, for the calls below, and for programs that read the same\nvariables. The tokens work only on this simulator:\n\n")
	for _, v := range append(g.environment(), [2]string{clientToken, g.clientToken}) {
		fmt.Fprintf(&b, "export %s='%s'\n", v[0], v[1])
	}
	for _, c := range g.commands() {
		fmt.Fprintf(&b, "\n%s%s\n", cli.Wrap("# ", "# ", c.what), c.curl)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func texts[T ~string](ids []T) (all []string) {
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}
