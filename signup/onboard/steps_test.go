package onboard

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/waba"
)

// TestSteps_DocListsTable compares the list in doc.go with the table.
func TestSteps_DocListsTable(t *testing.T) {
	var list strings.Builder
	line := func(name, per, after, does string) {
		fmt.Fprintf(&list, "//\t%-11s %-7s %-11s %s\n", name, per, after, does)
	}
	line("STEP", "PER", "AFTER", "WHAT IT DOES")
	for _, row := range steps {
		after := string(row.after)
		switch {
		case row.afterAll:
			after = "the others"
		case after == "":
			after = "-"
		}
		line(string(row.name), string(row.per), after, row.does)
	}
	source, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	require.Contains(t, string(source), list.String(), "doc.go has to list:\n%s", list.String())
}

// TestSteps_TableIsSound checks what the code expects of the rows.
func TestSteps_TableIsSound(t *testing.T) {
	seen := map[StepName]stepRow{}
	for _, row := range steps {
		require.NotContains(t, seen, row.name, "a name is used once")
		require.NotNil(t, row.run, row.name)
		require.NotEmpty(t, row.does, row.name)
		if row.after != "" {
			before, known := seen[row.after]
			require.True(t, known, "%s stands before the step that it comes after", row.name)
			require.Contains(t, []stepScope{perRecord, row.per}, before.per, "%s finds the step that it comes after", row.name)
		}
		seen[row.name] = row
	}
}

func namesOf(rows []stepRow) (names []StepName) {
	for _, row := range rows {
		names = append(names, row.name)
	}
	return names
}

func TestConfiguredSteps(t *testing.T) {
	require.Equal(t, []StepName{StepToken, StepInspect, StepConfirm, StepApprove, StepSubscribe, StepRegister, StepCheck},
		namesOf(configuredSteps(Config{})))
	all := configuredSteps(Config{Callback: &waba.Callback{}, SystemUser: "1", Line: "2"})
	require.Len(t, all, len(steps)-1, "each but the one that only Reregister opens")
	require.NotContains(t, namesOf(all), StepReregister)
}

func TestRecord_OpenStep(t *testing.T) {
	record := Record{}
	assign, _ := rowOf(StepAssign)
	require.False(t, record.openStep(assign, "1").Essential)
	record.TokenOfUser = true
	require.True(t, record.openStep(assign, "2").Essential)
	record.openStep(assign, "1").State = StepDone
	require.Len(t, record.Steps, 2, "a step that is there is not added again")
	require.Equal(t, StepDone, record.Steps[0].State)
}

// TestRecord_UnknownStep: a record of a newer version may have steps that this
// one does not know. They are ready at once, and do not hold the others back.
func TestRecord_UnknownStep(t *testing.T) {
	record := Record{State: StateRunning, Steps: []StepRecord{
		{Name: "made_up", State: StepOpen}, {Name: StepCheck, State: StepOpen, Essential: true},
	}}
	require.Equal(t, []StepRecord{record.Steps[0]}, record.ready(time.Now()))
	require.True(t, record.reachable(record.Steps[0]))
	found, err := (&job{step: record.Steps[0]}).do(t.Context())
	require.Nil(t, found)
	require.Equal(t, skip{"this version does not know the step"}, err)
	record.Steps[0].end(err, time.Now(), true)
	require.Equal(t, StepSkipped, record.Steps[0].State)
	require.Equal(t, []StepRecord{record.Steps[1]}, record.ready(time.Now()))
}

// TestRecord_Readiness walks the dependencies: which steps are ready, and whether
// the record can still end well, after each state of the step before.
func TestRecord_Readiness(t *testing.T) {
	for _, row := range steps {
		if row.after == "" {
			continue
		}
		before, _ := rowOf(row.after)
		subject, subjectBefore := "", ""
		if row.per != perRecord {
			subject = "7"
		}
		if before.per != perRecord {
			subjectBefore = "7"
		}
		step := StepRecord{Name: row.name, Subject: subject, State: StepOpen}
		for state, want := range map[StepState]struct{ ready, reachable bool }{
			StepDone: {true, true}, StepSkipped: {true, true}, StepFailed: {false, false},
		} {
			record := Record{State: StateRunning, Steps: []StepRecord{step, {Name: before.name, Subject: subjectBefore, State: state}}}
			require.Equal(t, want.ready, record.unlocked(step), "%s after %s %s", row.name, before.name, state)
			require.Equal(t, want.reachable, record.reachable(step), "%s after %s %s", row.name, before.name, state)
		}
		alone := Record{State: StateRunning, Steps: []StepRecord{step}}
		require.False(t, alone.unlocked(step), row.name)
		require.False(t, alone.reachable(step), row.name)
	}
}
