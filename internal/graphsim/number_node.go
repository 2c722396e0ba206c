package graphsim

import (
	"cmp"
	"strings"
)

// addNumberTypes declares the number. Meta publishes no field list for this type: these
// are the fields of its guides.
func addNumberTypes(sc *schema) {
	sc.add(&nodeType{kind: kNumber, name: "WhatsAppBusinessPhoneNumber", placeholder: "{phone-number-id}", reference: []string{"id"},
		defaults: []string{"verified_name", "code_verification_status", "display_phone_number", "quality_rating", "platform_type", "throughput",
			"webhook_configuration", "last_onboarded_time", "id"}},
		idField[*number](),
		field("display_phone_number", "string", func(_ *call, n *number) any { return n.display }),
		// The current name, whether or not it was approved.
		field("verified_name", "string", func(_ *call, n *number) any { return n.name }),
		field("name_status", "string", func(_ *call, n *number) any { return n.status }),
		// Only while a change is asked for.
		field("new_display_name", "string", func(_ *call, n *number) any { return n.newName }),
		field("new_name_status", "string", func(_ *call, n *number) any { return n.newStatus }),
		// Both certificates depend on the token, not only on the number.
		field("certificate", "string", func(c *call, n *number) any { return c.certificateOf(n) }),
		field("new_certificate", "string", func(c *call, n *number) any { return c.newCertificateOf(n) }),
		field("status", "string", func(_ *call, n *number) any { return n.state }),
		// EXPIRED occurs on numbers that send happily: it only matters for registering.
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
		// Features nobody configured: known names without a value.
		field("conversational_automation", "Object", func(*call, *number) any { return nil }),
		field("username", "string", func(*call, *number) any { return nil }),
		// Precedence is number, account, app; each key is there only when set.
		field("webhook_configuration", "Object", func(c *call, n *number) any { return c.webhooksOf(n) }),
		field("health_status", "WhatsAppBusinessHealthStatusForMessageSend", func(c *call, n *number) any {
			w := c.wabaOf(n)
			return healthOf(c.healthOfNumber(n), c.healthOfWABA(w), c.healthOfBusiness(c.sim.st.business(w.owner)), c.healthOfApp())
		}),
	)
	addNumberEdges(sc)
}

// platform is CLOUD_API only while the number is registered there.
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

// unifiedStatus maps name_status to the older field of the same meaning.
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

// webhooksOf shows where a number's messages go: its own override, its account's, the
// app's. Keys without a value are absent.
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

// digits strips everything else from a phone number.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// displayNumber formats a number the way the field shows real ones.
func displayNumber(cc, national string) string {
	if cc == "1" && len(national) == 10 {
		return "+1 " + national[:3] + "-" + national[3:6] + "-" + national[6:]
	}
	head := min(3, len(national))
	return "+" + cc + " " + national[:head] + " " + national[head:]
}
