package graphsim_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8fdceacd/wagraph/internal/graphsim"
)

func TestServeHTTP_LinksKeepTheHostOfTheRequest(t *testing.T) {
	c := start(t, graphsim.Config{})
	edge := "/" + c.world.BusinessID + "/client_whatsapp_business_accounts?limit=1"
	socket := c.over(t, c.sim)
	next := socket.get(edge).ok().text("paging", "next")
	require.True(t, strings.HasPrefix(next, socket.host+"/v25.0/"), next)

	mounted := c.over(t, http.StripPrefix("/graph", c.sim))
	mounted.host += "/graph"
	next = mounted.get(edge).ok().text("paging", "next")
	require.True(t, strings.HasPrefix(next, mounted.host+"/v25.0/"), next)

	public := start(t, graphsim.Config{PublicURL: "https://proxy.example/base"})
	public.host = "https://proxy.example/base"
	next = public.get("/"+public.world.BusinessID+"/client_whatsapp_business_accounts?limit=1").ok().text("paging", "next")
	require.True(t, strings.HasPrefix(next, "https://proxy.example/base/v25.0/"), next)

	req := httptest.NewRequest(http.MethodGet, "/v21.0"+edge, http.NoBody)
	req.Host = "tls.example"
	req.Header.Set("X-Forwarded-Proto", "https")
	req.Header.Set("Authorization", "OAuth "+c.token)
	rec := httptest.NewRecorder()
	c.sim.ServeHTTP(rec, req)
	require.Contains(t, rec.Body.String(), `"next":"https:\/\/tls.example\/v21.0\/`)
}
