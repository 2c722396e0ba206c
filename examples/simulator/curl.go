package main

import (
	"fmt"

	"github.com/seed-8fdceacd/wagraph/examples/internal/target"
)

// environment is what points the other examples here.
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

// commands are the calls that a partner's day is made of, as Meta's guides print
// them: with the token in the URL, which a program had better put in a header.
func (g greeting) commands() []command {
	get := func(what, path, query string) command {
		return command{what, fmt.Sprintf(`curl -i -X GET "%s/%s/%s?%saccess_token=%s"`, g.BaseURL, g.Version, path, query, g.Token)}
	}
	post := func(what, path, data string) command {
		return command{what, fmt.Sprintf(`curl -i -X POST "%s/%s" -d '%s'`, g.BaseURL, path, data)}
	}
	var shared = g.WABAIDs[len(g.WABAIDs)-1] // the oldest client's, which has an allocation
	business := string(g.BusinessID)
	return []command{
		get("your own accounts", business+"/owned_whatsapp_business_accounts", ""),
		get("the accounts that clients share with you, the newest first", business+"/client_whatsapp_business_accounts",
			"sort=creation_time_descending&"),
		get("whose account it is", string(shared), "fields=owner_business_info&"),
		get("its numbers, with their certificates", string(shared)+"/phone_numbers",
			"fields=display_phone_number,name_status,certificate,new_certificate,new_name_status&"),
		get("your credit lines", business+"/extendedcredits", "fields=id,legal_entity_name&"),
		get("the allocation of a client", string(g.CreditLineID)+"/owning_credit_allocation_configs",
			fmt.Sprintf("receiving_business_id=%s&fields=id,receiving_business&", g.world.WithCredit)),
		get("what a client's token is good for", "debug_token", "input_token="+g.clientToken+"&"),
		post("a client goes through Embedded Signup: answers its code, good for 30 seconds and once", "__sim/signup", `{"wabas":1,"numbers":1}`),
		post("the next answer to a share is lost", "__sim/faults",
			`{"route":"POST /{extended-credit-id}/whatsapp_credit_sharing_and_attach","times":1,"lose_reply":true}`),
		post("the clock goes ahead", "__sim/clock", `{"advance":"1h"}`),
		{"everything there is", fmt.Sprintf(`curl -i -X GET "%s/__sim/state"`, g.BaseURL)},
	}
}
