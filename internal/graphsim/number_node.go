package graphsim

import (
	"cmp"
	"strings"
)

// addNumberTypes declares the number. Meta publishes no list of its fields; these are
// the ones that its guides show.
func addNumberTypes(sc *schema) {
	sc.add(&nodeType{kind: kNumber, name: "WhatsAppBusinessPhoneNumber", placeholder: "{phone-number-id}", reference: []string{"id"},
		defaults: []string{"verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput",
			"webhook_configuration", "last_onboarded_time", "id"}},
		idField[*number](),
		field("display_phone_number", "string", func(_ *call, n *number) any { return n.display }),
		// The current name, approved or not.
		field("verified_name", "string", func(_ *call, n *number) any { return n.name }),
		field("name_status", "string", func(_ *call, n *number) any { return n.status }),
		// Both fields exist only after the client asked for a new name.
		field("new_display_name", "string", func(_ *call, n *number) any { return n.newName }),
		field("new_name_status", "string", func(_ *call, n *number) any { return n.newStatus }),
		// Both certificates depend on the token, not only on the number.
		field("certificate", "string", func(c *call, n *number) any { return c.certificateOf(n) }),
		field("new_certificate", "string", func(c *call, n *number) any { return c.newCertificateOf(n) }),
		field("status", "string", func(_ *call, n *number) any { return n.state }),
		// A number with EXPIRED can send. The value matters only when it is registered.
		field("code_verification_status", "string", func(_ *call, n *number) any { return n.verified }),
		field("quality_rating", "string", func(_ *call, n *number) any { return n.quality }),
		field("quality_score", "Object", func(_ *call, n *number) any { return obj{{"score", n.quality}} }),
		field("account_mode", "string", func(_ *call, n *number) any { return n.mode }),
		field("platform_type", "string", func(_ *call, n *number) any { return n.platform() }),
		// The older name of platform_type; both are still answered.
		field("host_platform", "string", func(_ *call, n *number) any { return n.platform() }),
		field("throughput", "Object", func(_ *call, n *number) any { return obj{{"level", n.throughput()}} }),
		// Deprecated since limits belong to the portfolio, but still there.
		field("messaging_limit_tier", "string", func(*call, *number) any { return "TIER_1K" }),
		field("whatsapp_business_manager_messaging_limit", "string", func(c *call, n *number) any {
			return c.sim.st.business(c.wabaOf(n).owner).tier
		}).from(24),
		field("is_official_business_account", "bool", func(*call, *number) any { return false }),
		field("official_business_account", "Object", func(*call, *number) any { return obj{{"oba_status", "NOT_STARTED"}} }),
		field("is_pin_enabled", "bool", func(_ *call, n *number) any { return n.pin != "" }),
		field("is_preverified_number", "bool", func(_ *call, n *number) any { return n.preVerified }),
		// True together with CLOUD_API means coexistence.
		field("is_on_biz_app", "bool", func(_ *call, n *number) any { return n.onBizApp }),
		field("last_onboarded_time", "datetime", func(_ *call, n *number) any { return iso(n.onboarded) }),
		field("search_visibility", "string", func(*call, *number) any { return "VISIBLE" }),
		field("country_code", "string", func(_ *call, n *number) any { return n.country }),
		field("country_dial_code", "string", func(_ *call, n *number) any { return n.cc }),
		field("unified_cert_status", "string", func(_ *call, n *number) any { return n.unifiedStatus() }),
		field("eligibility_for_api_business_global_search", "string", func(*call, *number) any { return "NON_ELIGIBLE_UNDEFINED_COUNTRY" }),
		// Features that are not configured: the names are known, and there is no value.
		field("conversational_automation", "Object", func(*call, *number) any { return nil }),
		field("username", "string", func(*call, *number) any { return nil }),
		// The order is number, account, app. A key is there only if it is set.
		field("webhook_configuration", "Object", func(c *call, n *number) any { return c.webhooksOf(n) }),
		field("health_status", "WhatsAppBusinessHealthStatusForMessageSend", func(c *call, n *number) any {
			w := c.wabaOf(n)
			return healthOf(c.healthOfNumber(n), c.healthOfWABA(w), c.healthOfBusiness(c.sim.st.business(w.owner)), c.healthOfApp())
		}),
	)
	addNumberEdges(sc)
}

// platform returns CLOUD_API while the number is registered there.
func (n *number) platform() string {
	if n.state == "CONNECTED" || n.onBizApp {
		return "CLOUD_API"
	}
	return "NOT_APPLICABLE"
}

func (n *number) throughput() string {
	if n.state != "CONNECTED" {
		return "NOT_APPLICABLE"
	}
	return cmp.Or(n.level, "STANDARD")
}

// unifiedStatus returns name_status in the words of an older field.
func (n *number) unifiedStatus() string {
	switch n.status {
	case "APPROVED", "AVAILABLE_WITHOUT_REVIEW":
		return "APPROVED"
	case "PENDING_REVIEW":
		return "NAME_PENDING_REVIEW"
	case "DECLINED":
		return "NAME_NOT_APPROVED"
	}
	return "ACCOUNT_REVIEW_NOT_STARTED"
}

// webhooksOf returns the callbacks that a number's messages can go to: its own, that of
// its account, and that of the app.
func (c *call) webhooksOf(n *number) any {
	o := obj{}.with("phone_number", n.callback)
	if sub := c.wabaOf(n).subs[c.sim.st.app.id]; sub != nil {
		o = o.with("whatsapp_business_account", sub.callback)
	}
	if sub := c.sim.st.app.subscriptions["whatsapp_business_account"]; sub != nil {
		o = o.with("application", sub.callback)
	}
	if len(o) == 0 {
		return nil
	}
	return o
}

// digits returns the digits of a phone number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// displayNumber formats a number like the field display_phone_number.
func displayNumber(cc, national string) string {
	if cc == "1" && len(national) == 10 {
		return "+1 " + national[:3] + "-" + national[3:6] + "-" + national[6:]
	}
	head := min(3, len(national))
	return "+" + cc + " " + national[:head] + " " + national[head:]
}
