package graphsim

import (
	"strconv"
)

// fundingSource is an allocation as the client sees it: the credential that the
// client's accounts name as primary_funding_id.
type fundingSource struct {
	id         nid
	allocation *allocation
}

func (f fundingSource) nodeID() nid { return f.id }
func (fundingSource) kind() kind    { return kFunding }

// money writes a CurrencyAmount. Its four members are strings, so that clients do not
// parse amounts as floats.
func money(hundredths int64, currency string) obj {
	whole, cents := strconv.FormatInt(hundredths/100, 10), strconv.FormatInt(100+hundredths%100, 10)[1:]
	return obj{{"amount", whole + "." + cents}, {"amount_in_hundredths", strconv.FormatInt(hundredths, 10)},
		{"currency", currency}, {"offsetted_amount", strconv.FormatInt(hundredths, 10)}}
}

// addCreditTypes declares the credit line, its allocations and the client's view of an
// allocation. Balances never change, because nothing is spent here.
func addCreditTypes(sc *schema) {
	t := sc.add(&nodeType{kind: kLine, name: "ExtendedCredit", placeholder: "{extended-credit-id}", defaults: []string{"id"}, reference: []string{"id"}},
		idField[*line](),
		field("legal_entity_name", "string", func(_ *call, l *line) any { return l.legal }),
		field("credit_type", "string", func(*call, *line) any { return "EXTENDED_CREDIT" }),
		field("max_balance", "CurrencyAmount", func(_ *call, l *line) any { return money(l.max, l.currency) }),
		field("balance", "CurrencyAmount", func(_ *call, l *line) any { return money(0, l.currency) }),
		field("credit_available", "CurrencyAmount", func(_ *call, l *line) any { return money(l.max, l.currency) }),
		field("online_max_balance", "CurrencyAmount", func(_ *call, l *line) any { return money(l.max, l.currency) }),
		field("allocated_amount", "CurrencyAmount", func(_ *call, l *line) any { return money(0, l.currency) }),
		field("is_access_revoked", "bool", func(_ *call, l *line) any { return l.revoked }),
		field("is_automated_experience", "bool", func(*call, *line) any { return false }),
		nodeField("owner_business", "Business", kBusiness, func(c *call, l *line) any { return c.sim.st.business(l.owner) }),
		field("owner_business_name", "string", func(c *call, l *line) any { return c.sim.st.business(l.owner).name }),
		field("liable_biz_name", "string", func(_ *call, l *line) any { return l.legal }),
		field("send_bill_to_biz_name", "string", func(_ *call, l *line) any { return l.legal }),
		field("liable_address", "CRMAddress", func(*call, *line) any { return nil }),
		field("send_bill_to_address", "CRMAddress", func(*call, *line) any { return nil }),
		field("sold_to_address", "CRMAddress", func(*call, *line) any { return nil }),
		field("partition_from", "string", func(*call, *line) any { return nil }),
		nodeField("receiving_credit_allocation_config", "ExtendedCreditAllocationConfig", kAllocation, func(*call, *line) any { return nil }),
	)
	t.edge(&edgeDef{name: "owning_credit_allocation_configs", item: kAllocation, defLimit: 25, maxLimit: 100,
		params: []Param{{Name: "receiving_business_id", Type: "string"}}, list: listAllocations, answer: bareAllocation})
	sc.add(&nodeType{kind: kAllocation, name: "ExtendedCreditAllocationConfig", placeholder: "{allocation-config-id}",
		defaults: []string{"id", "receiving_business"}, reference: []string{"id"}},
		idField[*allocation](),
		nodeField("receiving_business", "Business", kBusiness, func(c *call, a *allocation) any { return c.sim.st.business(a.receiver) }),
		nodeField("receiving_credential", "ExtendedCredit", kFunding, func(_ *call, a *allocation) any {
			if a.deleted {
				return nil
			}
			return fundingSource{a.funding, a}
		}),
		nodeField("owning_business", "Business", kBusiness, func(c *call, a *allocation) any {
			return c.sim.st.business(c.sim.st.lines[a.line].owner)
		}),
		nodeField("owning_credential", "ExtendedCredit", kLine, func(c *call, a *allocation) any { return c.sim.st.lines[a.line] }),
		// A valid allocation has no status. The only value on the WhatsApp pages is
		// DELETED.
		field("request_status", "string", func(_ *call, a *allocation) any {
			if a.deleted {
				return "DELETED"
			}
			return nil
		}),
		field("currency_amount", "CurrencyAmount", func(c *call, a *allocation) any { return money(0, c.sim.st.lines[a.line].currency) }),
		field("liability_type", "string", func(*call, *allocation) any { return "Normal" }),
		field("partition_type", "string", func(*call, *allocation) any { return "FIXED_WITHOUT_PARTITION" }),
		field("send_bill_to", "string", func(*call, *allocation) any { return "Agency" }),
	)
	sc.add(&nodeType{kind: kFunding, name: "ExtendedCredit", defaults: []string{"id"}, reference: []string{"id"}},
		idField[fundingSource](),
		nodeField("receiving_credit_allocation_config", "ExtendedCreditAllocationConfig", kAllocation, func(_ *call, f fundingSource) any { return f.allocation }),
	)
}
