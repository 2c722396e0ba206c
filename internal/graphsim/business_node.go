package graphsim

// addBusinessTypes declares the portfolio. All other objects are reached from it.
func addBusinessTypes(sc *schema) {
	t := sc.add(&nodeType{kind: kBusiness, name: "Business", placeholder: "{business-id}", defaults: []string{"id", "name"}, reference: []string{"id", "name"}},
		idField[*business](),
		field("name", "string", func(_ *call, b *business) any { return b.name }),
		field("verification_status", "Business_verification_status", func(_ *call, b *business) any { return b.verification }),
		field("created_time", "datetime", func(_ *call, b *business) any { return iso(b.created) }),
		field("timezone_id", "unsigned int", func(_ *call, b *business) any { return b.timezone }),
		field("link", "string", func(_ *call, b *business) any { return "https://www.facebook.com/" + b.id.String() }),
		field("vertical", "string", func(*call, *business) any { return "OTHER" }),
		field("is_hidden", "bool", func(*call, *business) any { return false }),
		field("two_factor_type", "string", func(*call, *business) any { return "none" }),
		field("whatsapp_business_manager_messaging_limit", "Business_whatsapp_business_manager_messaging_limit",
			func(_ *call, b *business) any { return b.tier }).from(24),
		field("health_status", "WhatsAppBusinessHealthStatusForMessageSend", func(c *call, b *business) any { return healthOf(c.healthOfBusiness(b)) }),
	)
	// Two edges have the same items: what the portfolio owns and what others share with
	// it.
	for _, name := range []string{"owned_whatsapp_business_accounts", "client_whatsapp_business_accounts"} {
		t.edge(&edgeDef{name: name, item: kWABA, defLimit: 25, maxLimit: 100,
			params: []Param{{Name: "filtering", Type: "string"}, {Name: "sort", Type: "string", Enum: []string{"creation_time_ascending", "creation_time_descending"}}},
			// permitted_tasks exists on items of the edge, not on the account itself.
			extra: map[string]*extraField{"permitted_tasks": {"list<string>", permittedTasks}},
			list:  func(c *call, n node, p params) (listing, *apiError) { return listAccounts(c, n.(*business), name, p) }})
	}
	t.edge(&edgeDef{name: "system_users", item: kSystemUser, defLimit: 25, maxLimit: 100, defaults: []string{"id", "name", "role"}, list: listSystemUsers})
	// Without a fields parameter only the id is served.
	t.edge(&edgeDef{name: "extendedcredits", item: kLine, defLimit: 25, maxLimit: 100, defaults: []string{"id"},
		params: []Param{{Name: "order_by_is_owned_credential", Type: "bool"}}, list: listCreditLines})
	t.edge(&edgeDef{name: "preverified_numbers", item: kPreVerified, defLimit: 25, maxLimit: 100,
		params: []Param{{Name: "code_verification_status", Type: "string", Enum: []string{"EXPIRED", "NOT_VERIFIED", "VERIFIED"}}, {Name: "phone_number", Type: "string"}},
		list:   listPreVerified})
}
