package graphsim

import (
	"fmt"
	"slices"
)

// change runs a verb under the lock, with virtual nodes becoming real.
func (s *Sim) change(f func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.st.retain = true
	defer func() { s.st.retain = false }()
	return f()
}

func (s *Sim) onNumber(id string, f func(*number) error) error {
	return s.change(func() error {
		n, _ := parseID(id)
		v := s.st.number(n)
		if v == nil {
			return fmt.Errorf("graphsim: there is no phone number %q", id)
		}
		return f(v)
	})
}

func (s *Sim) onWABA(id string, f func(*waba) error) error {
	return s.change(func() error {
		n, _ := parseID(id)
		v := s.st.waba(n)
		if v == nil {
			return fmt.Errorf("graphsim: there is no WhatsApp Business Account %q", id)
		}
		return f(v)
	})
}

// approve lets Meta accept the name under review: a pending rename, else the name.
func (s *Sim) approve(n *number) {
	now := s.now().Unix()
	if n.newName != "" {
		n.newStatus, n.newSerial = "APPROVED", n.serial+1
		return
	}
	n.status, n.certTime = "APPROVED", now
}

// ApproveName lets Meta approve a number's display name: the pending rename if there
// is one, which then has a new certificate until the number is registered again.
func (s *Sim) ApproveName(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { s.approve(n); return nil })
}

// DeclineName lets Meta refuse the pending rename, or else the name itself.
func (s *Sim) DeclineName(numberID string) error {
	return s.onNumber(numberID, func(n *number) error {
		if n.newName != "" {
			n.newStatus, n.newSerial = "DECLINED", 0
		} else {
			n.status = "DECLINED"
		}
		return nil
	})
}

// RequestRename asks for another display name, as the client can in WhatsApp Manager.
func (s *Sim) RequestRename(numberID, name string) error {
	return s.onNumber(numberID, func(n *number) error {
		n.newName, n.newStatus = name, "PENDING_REVIEW"
		return nil
	})
}

// SetNameStatus sets name_status, for example EXPIRED or NONE.
func (s *Sim) SetNameStatus(numberID, status string) error {
	return s.onNumber(numberID, func(n *number) error { n.status = status; return nil })
}

// VerifyNumber confirms the ownership of a number.
func (s *Sim) VerifyNumber(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { n.verified = "VERIFIED"; return nil })
}

// ExpireVerification lets a number's verification lapse; registered numbers go on.
func (s *Sim) ExpireVerification(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { n.verified = "EXPIRED"; return nil })
}

// SetPIN sets a number's two-step PIN, as the client can; "" disables it.
func (s *Sim) SetPIN(numberID, pin string) error {
	return s.onNumber(numberID, func(n *number) error { n.pin = pin; return nil })
}

// SetNumberStatus sets a number's status, for example RESTRICTED or BANNED.
func (s *Sim) SetNumberStatus(numberID, status string) error {
	return s.onNumber(numberID, func(n *number) error { n.state = status; return nil })
}

// DisconnectNumber takes a number off the platform without the partner's doing.
func (s *Sim) DisconnectNumber(numberID string) error {
	return s.SetNumberStatus(numberID, "DISCONNECTED")
}

// DeleteNumber deletes a number, which only the client can. Its digits cannot be
// registered again for five minutes.
func (s *Sim) DeleteNumber(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { s.dropNumber(n, true); return nil })
}

// AddNumber puts a verified, unregistered number on an account and returns its id.
func (s *Sim) AddNumber(wabaID string) (id string, err error) {
	err = s.onWABA(wabaID, func(w *waba) error { id = s.makeNumber(w).id.String(); return nil })
	return id, err
}

// AddWABA gives a client another account, shared with the partner, and returns its id.
func (s *Sim) AddWABA(businessID, name string) (id string, err error) {
	err = s.change(func() error {
		n, _ := parseID(businessID)
		b := s.st.business(n)
		if b == nil {
			return fmt.Errorf("graphsim: there is no business %q", businessID)
		}
		w := s.newWABA(b, name, "USD", s.now().Unix())
		if b.id != s.st.partner.id {
			s.share(w)
		}
		id = w.id.String()
		return nil
	})
	return id, err
}

// SetReview sets an account's account_review_status and status; "" leaves one as it is.
func (s *Sim) SetReview(wabaID, review, status string) error {
	return s.onWABA(wabaID, func(w *waba) error {
		w.review, w.status = orText(review, w.review), orText(status, w.status)
		return nil
	})
}

// SetVerification sets a portfolio's verification_status.
func (s *Sim) SetVerification(businessID, status string) error {
	return s.change(func() error {
		n, _ := parseID(businessID)
		b := s.st.business(n)
		if b == nil {
			return fmt.Errorf("graphsim: there is no business %q", businessID)
		}
		b.verification = status
		return nil
	})
}

// Unshare lets the client take the partner's access to an account away. Credit that
// was allocated stays allocated: revoking it is the partner's business.
func (s *Sim) Unshare(wabaID string) error {
	return s.onWABA(wabaID, func(w *waba) error {
		p := s.st.partner
		w.shared = slices.DeleteFunc(slices.Clone(w.shared), func(id nid) bool { return id == p.id })
		p.client = slices.DeleteFunc(slices.Clone(p.client), func(id nid) bool { return id == w.id })
		// Assignments of the partner's users end with the sharing.
		for _, u := range p.users {
			w.unassign(u)
		}
		return nil
	})
}

// Reshare undoes Unshare.
func (s *Sim) Reshare(wabaID string) error {
	return s.onWABA(wabaID, func(w *waba) error { s.share(w); return nil })
}

// DeleteWABA deletes an account with its numbers.
func (s *Sim) DeleteWABA(wabaID string) error {
	return s.onWABA(wabaID, func(w *waba) error {
		for _, id := range w.numbers {
			if n := s.st.number(id); n != nil {
				s.dropNumber(n, false)
			}
		}
		not := func(id nid) bool { return id == w.id }
		s.st.partner.client = slices.DeleteFunc(slices.Clone(s.st.partner.client), not)
		b := s.st.business(w.owner)
		b.owned = slices.DeleteFunc(slices.Clone(b.owned), not)
		s.st.wabas[w.id] = nil
		return nil
	})
}

// RevokeToken kills a token as if the customer had removed the app (190/458); with
// another subcode the reason is that one's.
func (s *Sim) RevokeToken(token string, subcode int) error {
	return s.change(func() error {
		t := s.st.tokens[token]
		if t == nil {
			return fmt.Errorf("graphsim: there is no such token")
		}
		why, ok := deadTokens[subcode]
		if subcode == 0 {
			subcode, why, ok = 458, deadTokens[458], true
		}
		if !ok {
			why = "Error validating access token"
		}
		t.kill(subcode, why)
		return nil
	})
}

// BusinessToken returns a client's business token, minting one when it has none.
func (s *Sim) BusinessToken(businessID string) (text string, err error) {
	err = s.change(func() error {
		n, _ := parseID(businessID)
		b := s.st.business(n)
		if b == nil || b.id == s.st.partner.id || !b.connected {
			return fmt.Errorf("graphsim: there is no client business %q that connected the app", businessID)
		}
		text = s.standingToken(b).text
		return nil
	})
	return text, err
}

// SetFinance sets a system user's finance_permission, for example Editor.
func (s *Sim) SetFinance(userID, permission string) error {
	return s.change(func() error {
		n, _ := parseID(userID)
		u := s.st.users[n]
		if u == nil {
			return fmt.Errorf("graphsim: there is no user %q", userID)
		}
		u.finance = permission
		return nil
	})
}

// ReviewTemplate sets a template's status: APPROVED, REJECTED, PAUSED, ...
func (s *Sim) ReviewTemplate(id, status string) error {
	return s.change(func() error {
		n, _ := parseID(id)
		t := s.st.templates[n]
		if t == nil {
			return fmt.Errorf("graphsim: there is no template %q", id)
		}
		t.status = status
		return nil
	})
}

// DisconnectApp lets a client remove the partner's app under its connected apps: all
// its business tokens die (190/458), while the accounts stay shared.
func (s *Sim) DisconnectApp(businessID string) error {
	return s.change(func() error {
		n, _ := parseID(businessID)
		b := s.st.business(n)
		if b == nil || b.id == s.st.partner.id {
			return fmt.Errorf("graphsim: there is no client business %q", businessID)
		}
		b.connected = false
		for _, t := range s.st.tokens {
			if t.owner == b.id && t.dead == 0 {
				t.kill(458, deadTokens[458])
			}
		}
		return nil
	})
}
