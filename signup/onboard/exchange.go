package onboard

import (
	"context"
	"errors"
	"time"

	"github.com/seed-8fdceacd/wagraph/graph"
	"github.com/seed-8fdceacd/wagraph/signup"
	"github.com/seed-8fdceacd/wagraph/signup/vault"
)

const (
	// codeLife is how long Meta accepts a code.
	codeLife = 30 * time.Second
	// codeUsed is Meta's answer to a code that was exchanged before, probably by an
	// attempt of this Flow whose answer was lost.
	codeUsed = graph.Code(36009)
	// wrongApp is Meta's answer if the app's id or secret is wrong. The code is not
	// used up then.
	wrongApp = graph.Code(101)
)

// codeRef returns the place of a code that waits: Meta refused to process it, or another
// worker had the record.
func codeRef(r Record) vault.Ref {
	return vault.Ref{Tenant: r.Tenant, Record: r.ID, Kind: vault.SecretCode}
}

// offered returns the code that may still be exchanged: the one that Begin was called
// with, or one that was sealed because Meta refused to process it, or because another
// worker had the record. A sealed code was refused if it was sent.
func (j *job) offered(ctx context.Context) (graph.Secret, error) {
	if !j.record.Exchange.Ended.IsZero() || !j.record.hasCode() {
		return graph.Secret{}, nil
	}
	if code := j.worker.task.given.code; !code.IsZero() && j.record.Exchange.Sent.IsZero() {
		return code, nil
	}
	code, err := j.flow.cfg.Vault.Get(ctx, codeRef(j.record))
	if errors.Is(err, vault.ErrNoSecret) {
		return graph.Secret{}, nil
	}
	if err == nil && !j.now().Before(j.record.Created.Add(codeLife)) {
		return graph.Secret{}, j.forgetCode(ctx)
	}
	return code, err
}

// hasCode reports whether the onboarding began with a code.
func (r *Record) hasCode() bool {
	return !r.TokenOfUser && r.Variant != signup.VariantHosted && r.Variant != signup.VariantAdopted
}

// exchange exchanges the code, and seals the token. That the code is sent is stored
// before: from then on no process sends it again, unless Meta says that it did not process
// the call.
func (j *job) exchange(ctx context.Context, code graph.Secret) (func(*Record), error) {
	sent := j.now()
	if err := j.note(func(r *Record) { r.Exchange = Exchange{Sent: sent, Refused: r.Exchange.Refused} }); err != nil {
		return nil, joined(err, j.notSent(ctx))
	}
	token, err := j.redeem(ctx, code)
	switch {
	case err == nil:
		return j.keepToken(ctx, token, false)
	case notProcessed(err):
		return j.exchangeLater(ctx, code, err)
	}
	ended := func(r *Record) { r.Exchange.Ended = j.now() }
	if failed := j.forgetCode(ctx); failed != nil {
		return ended, joined(err, failed)
	}
	if !mayBeFetched(err) {
		give, err := giveUp(err)
		return both(ended, give), err
	}
	return ended, later{at: j.now(), err: err} // the token can be fetched at once
}

// notSent takes back that the code is sent: the store may have written that although it
// answered with an error.
func (j *job) notSent(ctx context.Context) error {
	ctx, cancel := detached(ctx)
	defer cancel()
	_, err := j.flow.edit(ctx, j.record.ID, func(r *Record) (bool, error) {
		mine := r.Holder.Token == j.worker.hold.token()
		r.Exchange = Exchange{}
		return mine, nil
	})
	return err
}

// redeem exchanges the code. It has its own time limit, and goes on if ctx ends: the
// code is gone once it was sent.
func (j *job) redeem(ctx context.Context, code graph.Secret) (signup.Token, error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	return j.flow.client.Redeem(ctx, signup.Callback{Code: code})
}

// exchangeLater seals a code that Meta refused to process, so that any worker can
// exchange it as long as it lives.
func (j *job) exchangeLater(ctx context.Context, code graph.Secret, cause error) (func(*Record), error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	refused := func(r *Record) { r.Exchange = Exchange{Refused: true} }
	dies := j.record.Created.Add(codeLife)
	left := dies.Sub(j.now())
	// A wait that Meta named may be longer than the code lives. Then it is tried once
	// more before its end.
	wait := min(max(namedWait(cause), firstWait), left-firstWait)
	if wait < firstWait {
		return func(r *Record) { r.Exchange = Exchange{} }, joined(cause, j.forgetCode(ctx))
	}
	if err := j.flow.cfg.Vault.Put(ctx, codeRef(j.record), code, dies); err != nil {
		return refused, joined(cause, err)
	}
	return refused, later{at: j.now().Add(wait), err: cause}
}

// forgetCode deletes a code that cannot be exchanged any more.
func (j *job) forgetCode(ctx context.Context) error {
	if !j.record.hasCode() {
		return nil
	}
	return j.flow.cfg.Vault.Delete(ctx, codeRef(j.record))
}

// notProcessed reports whether Meta did not process the call, or whether it was not
// sent. The code can still be exchanged then.
func notProcessed(err error) bool {
	switch graph.KindOf(err) {
	case graph.ErrThrottled, graph.ErrTransient, graph.ErrInterrupted, graph.ErrInput:
		return true
	}
	return errors.Is(err, wrongApp)
}

// mayBeFetched reports whether Meta may have made the token although its answer did
// not arrive.
func mayBeFetched(err error) bool {
	switch graph.KindOf(err) {
	case graph.ErrOutcomeUnknown, graph.ErrBadResponse, graph.ErrPanicked:
		return true
	}
	return errors.Is(err, codeUsed)
}

// keepToken seals a token that Meta handed out once, then stores that it is in the
// vault. If the process dies in between, the next one finds the token there. This is
// the only copy: the vault is asked until the time is over.
func (j *job) keepToken(ctx context.Context, token signup.Token, fetched bool) (func(*Record), error) {
	ctx, cancel := detached(ctx)
	defer cancel()
	err := j.putToken(ctx, token)
	if err != nil {
		return func(r *Record) { r.Exchange.Ended = j.now() }, err
	}
	if err := j.forgetCode(ctx); err != nil {
		return nil, err // the next attempt finds the token
	}
	return j.tokenKept(fetched, token.Expires), nil
}

const (
	firstPutWait   = 100 * time.Millisecond
	longestPutWait = 5 * time.Second
)

// putToken repeats a failed Put until ctx ends.
func (j *job) putToken(ctx context.Context, token signup.Token) error {
	for wait := firstPutWait; ; wait = min(2*wait, longestPutWait) {
		err := j.flow.cfg.Vault.Put(ctx, tokenRef(j.record), token.Access, token.Expires)
		if err == nil || graph.KindOf(err) == graph.ErrInput {
			return err
		}
		pause := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			pause.Stop()
			return err
		case <-pause.C:
		}
	}
}

// both applies two changes, of which either may be nil.
func both(first, second func(*Record)) func(*Record) {
	return func(r *Record) {
		if first != nil {
			first(r)
		}
		if second != nil {
			second(r)
		}
	}
}
