package graphsim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestTemplates_CreateEditDelete(t *testing.T) {
	c := start(t, graphsim.Config{})
	su, business := c.signup(graphsim.SignupSpec{})
	edge := "/" + su.WABAIDs[0] + "/message_templates"
	body := `[{"type":"BODY","text":"Hello {{1}}"}]`
	a := business.post(edge, "name", "hello", "language", "en_US", "category", "UTILITY", "components", body).ok()
	require.Equal(t, "PENDING", a.text("status"))
	business.post(edge, "name", "hello", "language", "en_US", "category", "UTILITY").fails(400, 100, 2388024)
	business.post(edge, "name", "hello", "language", "de", "category", "UTILITY").ok()
	for _, bad := range [][]string{{"name", "Hello"}, {"category", "SPAM"}, {"components", "x"}} {
		pairs := append([]string{"language", "fr"}, bad...)
		for name, v := range map[string]string{"name": "other", "category": "UTILITY"} {
			if bad[0] != name {
				pairs = append(pairs, name, v)
			}
		}
		business.post(edge, pairs...).fails(400, 100, 0)
	}
	require.Len(t, business.get(edge, "name", "hello").ok().ids(), 2)
	require.Empty(t, business.get(edge, "status", "approved").ok().ids())
	id := a.text("id")
	business.post("/"+id, "category", "MARKETING").fails(400, 100, 0)
	require.NoError(t, c.sim.ReviewTemplate(id, "APPROVED"))
	require.Len(t, business.get(edge, "status", "approved").ok().ids(), 1)
	business.post("/"+id, "category", "MARKETING").ok()
	require.Equal(t, "MARKETING", business.get("/"+id).ok().text("category"))
	business.delete(edge, "hsm_id", id, "name", "hello").ok()
	require.Len(t, business.get(edge).ok().ids(), 1)
	business.delete(edge, "name", "hello").ok()
	business.delete(edge, "name", "hello").fails(400, 100, 2593002)
	business.get("/"+id).fails(400, 100, 33)
}
