package graphsim

// addWABATypes declares the account. Five fields are served by default; all others must
// be named.
func addWABATypes(sc *schema) {
	t := sc.add(&nodeType{kind: kWABA, name: "WhatsAppBusinessAccount", placeholder: "{waba-id}",
		defaults: []string{"id", "name", "currency", "timezone_id", "message_template_namespace"}, reference: []string{"id", "name"}},
		idField[*waba](),
		field("name", "string", func(_ *call, w *waba) any { return w.name }),
		field("currency", "string", func(_ *call, w *waba) any { return w.currency }),
		field("timezone_id", "string", func(_ *call, w *waba) any { return w.timezone }),
		field("message_template_namespace", "string", func(_ *call, w *waba) any { return w.namespace }),
		field("account_review_status", "string", func(_ *call, w *waba) any { return w.review }),
		// The value is in lower case, and OpenAPI shows upper case: clients must not
		// compare letters.
		field("business_verification_status", "WhatsAppBusinessAccount_business_verification_status", func(c *call, w *waba) any {
			return c.sim.st.business(w.owner).verification
		}),
		field("country", "string", func(_ *call, w *waba) any { return w.country }),
		field("primary_business_location", "string", func(_ *call, w *waba) any { return w.country }),
		// A JSON number in seconds. The filter on it takes a string.
		field("creation_time", "int", func(_ *call, w *waba) any { return w.created }),
		field("status", "string", func(_ *call, w *waba) any { return w.status }),
		field("ownership_type", "string", func(c *call, w *waba) any { return ownership(c.sim.st, w) }),
		field("is_shared_with_partners", "bool", func(_ *call, w *waba) any { return len(w.shared) > 0 }),
		field("is_enabled_for_insights", "bool", func(_ *call, w *waba) any { return w.insights }),
		field("disable_marketing_messages_on_cloud_api", "bool", func(_ *call, w *waba) any { return w.noMarketing }),
		field("template_auto_archival_enabled", "bool", func(_ *call, w *waba) any { return w.autoArchive }),
		field("purchase_order_number", "string", func(_ *call, w *waba) any { return w.order }),
		// Absent while no credit line is attached. If the partner's line pays, it
		// equals the receiving credential of the allocation.
		field("primary_funding_id", "string", func(_ *call, w *waba) any { return w.funding }),
		// This field leads to the client's portfolio. It can be read only while the
		// account is shared.
		field("owner_business_info", "Object", func(c *call, w *waba) any {
			return obj{{"name", c.sim.st.business(w.owner).name}, {"id", w.owner}}
		}),
		nodeField("owner_business", "Business", kBusiness, func(c *call, w *waba) any { return c.sim.st.business(w.owner) }),
		// Fields of products that Meta has ended: the names are known, and there is never a value.
		field("on_behalf_of_business_info", "Object", func(*call, *waba) any { return nil }),
		field("linked_commerce_account", "CommerceMerchantSettings", func(*call, *waba) any { return nil }),
		// Figures need a range: analytics.start(...).end(...). The simulator sends no
		// messages, so there are none.
		field("analytics", "Object", func(*call, *waba) any { return nil }),
		field("auth_international_rate_eligibility", "Object", func(*call, *waba) any { return nil }),
		field("marketing_messages_lite_api_status", "string", func(*call, *waba) any { return "ELIGIBLE" }),
		// Fields that depend on the version. This is why a request for every known
		// field fails on another version.
		field("marketing_messages_onboarding_status", "string", func(_ *call, w *waba) any {
			if w.funding == 0 {
				return "PENDING_VALID_PAYMENT_METHOD"
			}
			return "ELIGIBLE"
		}).from(24),
		field("whatsapp_business_manager_messaging_limit", "WhatsAppBusinessAccount_whatsapp_business_manager_messaging_limit",
			func(c *call, w *waba) any { return c.sim.st.business(w.owner).tier }).from(24),
		field("marketing_messages_ad_account", "Object", func(*call, *waba) any { return nil }).from(26),
		field("whatsapp_manager_marketing_messages_max_price_enroll_status", "string", func(*call, *waba) any { return "OPT_OUT" }).from(26),
		field("health_status", "WhatsAppBusinessHealthStatusForMessageSend", func(c *call, w *waba) any {
			return healthOf(c.healthOfWABA(w), c.healthOfBusiness(c.sim.st.business(w.owner)), c.healthOfApp())
		}),
	)
	t.edge(&edgeDef{name: "phone_numbers", item: kNumber, defLimit: 25, maxLimit: 100,
		params: []Param{{Name: "sort", Type: "string"}, {Name: "filtering", Type: "string"}, {Name: "display_phone_number", Type: "string"}},
		list:   listNumbers})
	// The list itself checks that business was sent, so that a nested edge needs it
	// too.
	t.edge(&edgeDef{name: "assigned_users", item: kAssignedUser, defLimit: 25, maxLimit: 100,
		params: []Param{{Name: "business", Type: "string", Required: true}}, list: listAssignedUsers})
	// This is the only edge that Meta serves without paging.
	t.edge(&edgeDef{name: "subscribed_apps", item: kSubscribedApp, defLimit: 25, maxLimit: 100, unpaged: true, list: listSubscribedApps})
	t.edge(&edgeDef{name: "message_templates", item: kTemplate, defLimit: 25, maxLimit: 250, params: templateFilters, list: listTemplates})
	t.edge(&edgeDef{name: "solutions", item: kSolution, defLimit: 25, maxLimit: 100, list: listSolutions})
	t.edge(&edgeDef{name: "activities", item: kActivity, defLimit: 25, maxLimit: 100, list: listActivities})
	// The items of the edges above. They are not nodes, and cannot be read by an id.
	addAssignedUserType(sc)
	addSubscribedAppType(sc)
	addActivityType(sc)
}

func wabaActions() []*action {
	return []*action{{method: "POST", node: kWABA, do: updateWABA, params: []Param{
		{Name: "is_enabled_for_insights", Type: "bool"}, {Name: "disable_marketing_messages_on_cloud_api", Type: "bool"},
		{Name: "template_auto_archival_enabled", Type: "bool"}, {Name: "degrees_of_freedom_spec", Type: "map"},
		{Name: "name", Type: "string"}, {Name: "timezone_id", Type: "unsigned int"}}}}
}

// updateWABA changes the settings of an account. Insights cannot be switched off again.
// The time zone cannot change once a credit line was attached.
func updateWABA(c *call) (any, *apiError) {
	w := c.node.(*waba)
	if err := c.manages(w); err != nil {
		return nil, err
	}
	p := c.params
	if p.has("is_enabled_for_insights") && w.insights && !p.boolean("is_enabled_for_insights") {
		return nil, &apiError{code: 200006, message: numbered(200006, "Template Insights cannot be disabled once it has been enabled")}
	}
	if tz := p.get("timezone_id"); tz != "" && tz != w.timezone && w.currencyFixed {
		return nil, errParam("The time zone cannot be changed after a credit line was attached")
	}
	setBool(p, "is_enabled_for_insights", &w.insights)
	setBool(p, "disable_marketing_messages_on_cloud_api", &w.noMarketing)
	setBool(p, "template_auto_archival_enabled", &w.autoArchive)
	setText(p, "name", &w.name)
	setText(p, "timezone_id", &w.timezone)
	c.target = w
	return success(), nil
}
