package credit

// The routes of this package's calls, as Graph names them after the version.
const (
	routeLines       = "/{business-id}/extendedcredits"
	routeLine        = "/{extended-credit-id}"
	routeAllocations = "/{extended-credit-id}/owning_credit_allocation_configs"
	routeShare       = "/{extended-credit-id}/whatsapp_credit_sharing_and_attach"
	routeAttach      = "/{extended-credit-id}/whatsapp_credit_attach"
	routeAllocation  = "/{allocation-config-id}"
	routeAccount     = "/{waba-id}"
	routeClients     = "/{business-id}/client_whatsapp_business_accounts"
)
