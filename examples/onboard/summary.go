package main

import (
	"fmt"
	"strings"

	"github.com/seed-8fdceacd/wagraph/examples/internal/meter"
	"github.com/seed-8fdceacd/wagraph/signup/onboard"
)

// summary is the document for people.
func (a *account) summary() {
	a.Line("", "")
	a.Heading("Summary")
	for _, record := range a.doc.Records {
		if !a.doc.DryRun {
			a.row("state", "%s", record.standing())
		}
		for _, waba := range record.Accounts {
			a.waba(waba)
		}
	}
	a.row("calls", "%s", a.spent())
}

func (a *account) row(name, format string, args ...any) {
	a.Row("   ", 12, name, format, args...)
}

func (a *account) waba(waba wabaDoc) {
	a.row("WABA", "%s, %q", waba.ID, waba.Name)
	a.row("client", "business %s, %q", waba.BusinessID, waba.BusinessName)
	if !a.doc.DryRun {
		a.row("credit", "%s", waba.credit())
	}
	for _, n := range waba.Numbers {
		a.row("number", "%s, %s, %s", n.ID, n.Display, n.Status)
		a.row("name", "%q, %s", n.Name, n.NameStatus)
		a.row("certificate", "%s", n.certificate())
	}
	a.row("can send", "%s", waba.canSend())
	heads := map[onboard.Health]string{onboard.NotLive: "because", onboard.Degraded: "but", onboard.Live: "note"}
	for _, f := range waba.Findings {
		a.row(heads[f.Health], "%s", f)
	}
}

// standing says where the record is, and when the next step is due.
func (r *recordDoc) standing() string {
	if r.Due.IsZero() {
		return strings.ReplaceAll(string(r.State), "_", " ")
	}
	return fmt.Sprintf("%s; the next step is due %s", r.State, when(r.Due))
}

func (w wabaDoc) credit() string {
	switch {
	case w.Attached:
		return fmt.Sprintf("allocation %s of line %s, attached, in %s", w.Allocation, w.Line, w.Currency)
	case w.Allocation != "":
		return fmt.Sprintf("allocation %s of line %s, not attached", w.Allocation, w.Line)
	}
	return "line " + string(w.Line) + " is not shared with the client"
}

func (n numberDoc) certificate() string {
	if n.CertificateLength == 0 {
		return n.Certificate
	}
	return fmt.Sprintf("%s, %d characters", n.Certificate, n.CertificateLength)
}

// canSend says how many of the numbers can send; the findings say why not.
func (w wabaDoc) canSend() string {
	sending := 0
	for _, n := range w.Numbers {
		if n.CanSend {
			sending++
		}
	}
	switch sending {
	case 0:
		return "no"
	case len(w.Numbers):
		return "yes"
	}
	return fmt.Sprintf("%d of %d numbers", sending, len(w.Numbers))
}

// String says what was found, and what to do about it.
func (f findingDoc) String() string {
	text := strings.TrimRight(f.Text, ".") + "."
	if f.Action != "" {
		text += " " + strings.TrimRight(f.Action, ".") + "."
	}
	return text
}

// spent says how many calls each step made. The rest made the summary.
func (a *account) spent() string {
	var names []string
	made := map[string]int{}
	rest := a.doc.Calls
	for _, record := range a.doc.Records {
		for _, step := range record.Steps {
			for _, call := range step.Calls {
				if call.Attempt > 1 {
					continue
				}
				name := string(step.Name)
				if made[name]++; made[name] == 1 {
					names = append(names, name)
				}
				rest--
			}
		}
	}
	if rest > 0 {
		names, made["summary"] = append(names, "summary"), rest
	}
	var parts []string
	for _, name := range names {
		parts = append(parts, fmt.Sprintf("%s %d", name, made[name]))
	}
	all := meter.Count{Calls: a.doc.Calls, RoundTrips: a.doc.RoundTrips}.String()
	if len(parts) == 0 {
		return all
	}
	return all + ": " + strings.Join(parts, ", ")
}
