package main

import (
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph/examples/internal/cli"
	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
)

// clientToken is the variable with the business token of a client.
const clientToken = "CLIENT_TOKEN"

// environment returns the variables that point the other examples here.
func (g greeting) environment() [][2]string {
	return [][2]string{
		{target.BaseURL, g.BaseURL},
		{target.Token, g.Token},
		{target.AppID, string(g.AppID)},
		{target.AppSecret, g.AppSecret},
		{target.BusinessID, string(g.BusinessID)},
		{target.SystemUser, string(g.SystemUserID)},
		{target.CreditLine, string(g.CreditLineID)},
	}
}

// command is a call to try.
type command struct{ what, curl string }

// commands returns calls that a partner often makes. The token is in a header: in the
// URL, where Meta's guides have it, it would be in every log.
func (g greeting) commands() []command {
	get := func(what, path, query string) command {
		if query != "" {
			query = "?" + query
		}
		return command{what, "curl -i -X GET -H \"Authorization: Bearer $" + target.Token + "\" \\\n  \"" +
			broken("$"+target.BaseURL+"/"+g.Version+"/"+path+query) + "\""}
	}
	post := func(what, path, data string) command {
		return command{what, fmt.Sprintf("curl -i -X POST \"$%s/%s\" \\\n  -d '%s'", target.BaseURL, path, data)}
	}
	shared := g.WABAIDs[len(g.WABAIDs)-1] // of the oldest client, and it has an allocation
	business := "$" + target.BusinessID
	return []command{
		get("your own accounts", business+"/owned_whatsapp_business_accounts", ""),
		get("the accounts that clients share with you, the newest first", business+"/client_whatsapp_business_accounts",
			"sort=creation_time_descending"),
		get("who owns the account", string(shared), "fields=owner_business_info"),
		get("its numbers, with their certificates", string(shared)+"/phone_numbers",
			"fields=display_phone_number,name_status,certificate,new_certificate,new_name_status"),
		get("your credit lines", business+"/extendedcredits", "fields=id,legal_entity_name"),
		get("the allocation of a client", "$"+target.CreditLine+"/owning_credit_allocation_configs",
			fmt.Sprintf("receiving_business_id=%s&fields=id,receiving_business", g.world.WithCredit)),
		get("what a client's token grants", "debug_token", "input_token=$"+clientToken),
		post("a client goes through Embedded Signup: the answer has its code, which lives 30 seconds and works once", "__sim/signup", `{"wabas":1,"numbers":1}`),
		post("lose the next answer to a share", "__sim/faults",
			`{"times":1,"lose_reply":true,"route":
   "POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach"}`),
		post("move the clock ahead by an hour", "__sim/clock", `{"advance":"1h"}`),
		{"everything in the simulator", fmt.Sprintf("curl -i -X GET \"$%s/__sim/state\"", target.BaseURL)},
	}
}

// broken breaks a URL in double quotes into lines: the shell removes a backslash
// at the end of a line.
func broken(url string) string {
	const width = cli.Columns - 4 // indent, quote and backslash
	var b strings.Builder
	for len(url) > width {
		at := strings.LastIndexAny(url[:width], "/?&,") // the break stands before it
		b.WriteString(url[:at] + "\\\n")
		url = url[at:]
	}
	return b.String() + url
}
