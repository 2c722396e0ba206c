package target

import (
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph"
	"github.com/seed-8fdceacd/wagraph/signup"
)

// Env looks a variable up, "" if it is not set: os.Getenv, or a test's own.
type Env func(name string) string

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
	return fmt.Sprintf(`Environment:
  With none of these set, the program runs against the simulator inside it.
  %-24s Graph server; %s unless set
  %-24s token of an admin system user of yours
  %-24s your app
  %-24s its secret, for the appsecret_proof of each call
  %-24s your own portfolio
  %-24s the system user of the token, by the id that the API returns
  %-24s your credit line
  This program needs %s.
`, BaseURL, wagraph.DefaultBaseURL, Token, AppID, AppSecret, BusinessID, SystemUser, CreditLine, strings.Join(needs, ", "))
}

func anySet(env Env) bool {
	for _, name := range names() {
		if env(name) != "" {
			return true
		}
	}
	return false
}

// read takes what is set, and names everything that is needed and is not. No
// value is ever part of an error: some are secrets, and a mix-up of two lines
// makes one of any of them.
func (t *Target) read(env Env, needs []string) error {
	var missing []string
	for _, name := range needs {
		if env(name) == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("not set in the environment: %s. Set it, or unset every WAGRAPH_ variable to run against the embedded simulator",
			strings.Join(missing, ", "))
	}
	t.App = signup.App{ID: wagraph.AppID(env(AppID)), Secret: wagraph.NewSecret(env(AppSecret))}
	t.Business, t.SystemUser = wagraph.BusinessID(env(BusinessID)), wagraph.SystemUserID(env(SystemUser))
	t.CreditLine = wagraph.CreditLineID(env(CreditLine))
	for _, id := range []string{AppID, BusinessID, SystemUser, CreditLine} {
		if env(id) != "" && wagraph.CheckID(id, env(id)) != nil {
			return &wagraph.InputError{Field: id, Reason: "must be the digits of a Graph id"}
		}
	}
	return nil
}
