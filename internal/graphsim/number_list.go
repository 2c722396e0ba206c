package graphsim

import "slices"

// listNumbers lists an account's numbers, the last onboarded first.
func listNumbers(c *call, parent node, p params) (listing, *apiError) {
	w := parent.(*waba)
	if err := c.readsWhatsApp(); err != nil {
		return listing{}, err
	}
	ids := w.numbers
	keep, err := c.numberFilter(p)
	if err != nil {
		return listing{}, err
	}
	if keep != nil {
		ids = slices.DeleteFunc(slices.Clone(ids), func(id nid) bool { return !keep(c.sim.st.number(id)) })
	}
	if sort := p.list("sort"); len(sort) > 0 {
		switch sort[0] {
		case "last_onboarded_time_descending":
		case "last_onboarded_time_ascending":
			ids = slices.Clone(ids)
			slices.Reverse(ids)
		default:
			return listing{}, errParam("Param sort[0] must be one of {last_onboarded_time_ascending, last_onboarded_time_descending} - got %q.", sort[0])
		}
	}
	return listing{ids: ids, get: func(id nid) node { return c.sim.st.number(id) }}, nil
}

// numberFilter returns the filter for account_mode (beta) and for the digits of a
// number.
func (c *call) numberFilter(p params) (func(*number) bool, *apiError) {
	list, err := parseFiltering(p.get("filtering"))
	if err != nil {
		return nil, err
	}
	mode := ""
	for _, f := range list {
		if f.Field != "account_mode" || f.Operator != "EQUAL" {
			return nil, errParam("Filtering on field '%s' with operation '%s' is not supported", f.Field, f.Operator)
		}
		if mode = f.text(); mode != "SANDBOX" && mode != "LIVE" {
			return nil, errParam("Param filtering[0][value] must be one of {SANDBOX, LIVE} - got %q.", mode)
		}
	}
	want := digits(p.get("display_phone_number"))
	if mode == "" && want == "" {
		return nil, nil
	}
	return func(n *number) bool {
		return (mode == "" || n.mode == mode) && (want == "" || n.cc+n.national == want)
	}, nil
}
