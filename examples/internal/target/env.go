package target

import (
	"fmt"
	"slices"
	"strings"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/graph"
)

// The variables.
const (
	BaseURL    = "WAGRAPH_BASE_URL"
	Token      = "WAGRAPH_TOKEN"
	AppID      = "WAGRAPH_APP_ID"
	AppSecret  = "WAGRAPH_APP_SECRET"
	BusinessID = "WAGRAPH_BUSINESS_ID"
	SystemUser = "WAGRAPH_SYSTEM_USER_ID"
	CreditLine = "WAGRAPH_CREDIT_LINE_ID"
)

func names() []string {
	return []string{BaseURL, Token, AppID, AppSecret, BusinessID, SystemUser, CreditLine}
}

// Help explains the variables, for the end of a usage text.
func Help(needs ...string) string {
	var b strings.Builder
	b.WriteString("\nEnvironment:\n")
	b.WriteString(cli.Wrap("  ", "  ", "With none of these set, the program runs against the embedded simulator. "+
		"A secret may be in a file: "+Token+"_FILE and "+AppSecret+"_FILE name it."))
	for _, row := range [][2]string{
		{BaseURL, "Graph server; " + graph.DefaultBaseURL + " unless set"},
		{Token, "token of an admin system user of yours"},
		{AppID, "your app"},
		{AppSecret, "its secret, for the appsecret_proof of each call"},
		{BusinessID, "your own portfolio"},
		{SystemUser, "the system user of the token, by the id that the API returns"},
		{CreditLine, "your credit line"},
	} {
		b.WriteString(cli.Wrap(fmt.Sprintf("  %-22s ", row[0]), strings.Repeat(" ", 25), row[1]))
	}
	b.WriteString(cli.Wrap("  ", "  ", "This program needs "+strings.Join(needs, ", ")+"."))
	return b.String()
}

func anySet(env cli.Env) bool {
	return slices.ContainsFunc(names(), env.Set)
}

// read reads the variables, and names those that are needed and missing. No value
// is part of an error: some are secrets, and by a mistake any variable may hold one.
func (t *Target) read(env cli.Env, needs []string) error {
	for _, name := range append(names(), Token+cli.FileSuffix, AppSecret+cli.FileSuffix) {
		if _, err := env.Text(name); err != nil { // a blank one is named before those that are missing
			return err
		}
	}
	var missing []string
	for _, name := range needs {
		if !env.Set(name) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		them := "it"
		if len(missing) > 1 {
			them = "them"
		}
		return cli.Usagef("not set in the environment: %s. Set %s, or unset every WAGRAPH_ variable to run against the embedded simulator",
			strings.Join(missing, ", "), them)
	}
	var err error
	if t.token, err = env.Secret(Token); err != nil {
		return err
	}
	if t.App.Secret, err = env.Secret(AppSecret); err != nil {
		return err
	}
	values := map[string]string{}
	for _, id := range []string{AppID, BusinessID, SystemUser, CreditLine} {
		if values[id], err = env.Text(id); err != nil {
			return err
		}
		if values[id] != "" && graph.CheckID(id, values[id]) != nil {
			return cli.Usage(&graph.InputError{Field: id, Reason: "must be the digits of a Graph id"})
		}
	}
	t.App.ID, t.Business = graph.AppID(values[AppID]), graph.BusinessID(values[BusinessID])
	t.SystemUser, t.CreditLine = graph.SystemUserID(values[SystemUser]), graph.CreditLineID(values[CreditLine])
	return nil
}
