package graphsim

import (
	"errors"
	"fmt"
	"slices"
)

// change changes the world under the lock. Virtual nodes that it reads become real.
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

// approve accepts the new name, if one is under review, or the current one.
func (s *Sim) approve(n *number) {
	now := s.now().Unix()
	if n.newName != "" {
		n.newStatus, n.newSerial = "APPROVED", n.serial+1
		return
	}
	n.status, n.certTime = "APPROVED", now
}

// ApproveName lets Meta approve the new display name of a number, if there is one. A
// new certificate is then served until the number is registered again. Without a new
// name the current name is approved.
func (s *Sim) ApproveName(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { s.approve(n); return nil })
}

// DeclineName lets Meta decline the new display name, or the current one if there is
// none.
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

// RequestRename asks for a new display name, as the client can in WhatsApp Manager.
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

// VerifyNumber confirms that the client owns the number.
func (s *Sim) VerifyNumber(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { n.verified = "VERIFIED"; return nil })
}

// ExpireVerification ends the verification of a number. A registered number continues
// to work.
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

// DelayName lets the next registrations of a number, so many, find that its display name
// is not processed yet. Each is refused and spends an attempt.
func (s *Sim) DelayName(numberID string, registrations int) error {
	return s.onNumber(numberID, func(n *number) error {
		if registrations < 0 {
			return errors.New("graphsim: a count of registrations cannot be negative")
		}
		n.nameBusy = registrations
		return nil
	})
}

// AddPayment adds a payment method of the client to an account, as the client can in
// WhatsApp Manager. A credit line that pays already is not replaced.
func (s *Sim) AddPayment(wabaID string) error {
	return s.onWABA(wabaID, func(w *waba) error {
		if w.funding == 0 {
			w.funding = s.newID(kFunding)
		}
		return nil
	})
}

// DisconnectNumber disconnects a number without a call of the partner.
func (s *Sim) DisconnectNumber(numberID string) error {
	return s.SetNumberStatus(numberID, "DISCONNECTED")
}

// DeleteNumber deletes a number. Only the client can do this. Its digits cannot be
// registered again for five minutes.
func (s *Sim) DeleteNumber(numberID string) error {
	return s.onNumber(numberID, func(n *number) error { s.dropNumber(n, true); return nil })
}

// AddNumber adds a number to an account and returns its id. The number is verified and
// not registered.
func (s *Sim) AddNumber(wabaID string) (id string, err error) {
	err = s.onWABA(wabaID, func(w *waba) error { id = s.makeNumber(w).id.String(); return nil })
	return id, err
}

// AddWABA adds an account to a portfolio and returns its id. A client's account is
// shared with the partner.
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

// SetReview sets account_review_status and status of an account. An empty text leaves
// its field unchanged.
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

// Unshare ends the partner's access to an account, as the client can. An allocation of
// credit stays until the partner deletes it.
func (s *Sim) Unshare(wabaID string) error {
	return s.onWABA(wabaID, func(w *waba) error {
		p := s.st.partner
		w.shared = slices.DeleteFunc(slices.Clone(w.shared), func(id nid) bool { return id == p.id })
		p.client = slices.DeleteFunc(slices.Clone(p.client), func(id nid) bool { return id == w.id })
		// The assignments of the partner's users end too.
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

// RevokeToken makes a token invalid, as if the client had removed the app (190/458).
// Another subcode stands for another reason.
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

// BusinessToken returns the business token of a client. It makes one if the client has
// none. From then on a token can also be fetched: the partner is one that has a token
// from elsewhere, and adopts the client with it.
func (s *Sim) BusinessToken(businessID string) (text string, err error) {
	err = s.change(func() error {
		n, _ := parseID(businessID)
		b := s.st.business(n)
		if b == nil || b.id == s.st.partner.id || !b.connected {
			return fmt.Errorf("graphsim: there is no client business %q that connected the app", businessID)
		}
		text, b.fetchable = s.validBusinessToken(b).text, true
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

// DisconnectApp lets a client remove the partner's app. All its business tokens become
// invalid (190/458), and its accounts stay shared.
func (s *Sim) DisconnectApp(businessID string) error {
	return s.change(func() error {
		n, _ := parseID(businessID)
		b := s.st.business(n)
		if b == nil || b.id == s.st.partner.id {
			return fmt.Errorf("graphsim: there is no client business %q", businessID)
		}
		b.connected, b.fetchable = false, false
		for _, t := range s.st.tokens {
			if t.owner == b.id && t.dead == 0 {
				t.kill(458, deadTokens[458])
			}
		}
		return nil
	})
}
