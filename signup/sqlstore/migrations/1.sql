CREATE TABLE wagraph_signups (
	id         {text}   NOT NULL PRIMARY KEY,
	tenant     {text}   NOT NULL,
	app        {text}   NOT NULL,
	begun_with {text}   NOT NULL,
	revision   BIGINT   NOT NULL,
	state      {text}   NOT NULL,
	business   {text}   NOT NULL,
	due        BIGINT,
	data       TEXT     NOT NULL,
	UNIQUE (app, begun_with)
);

CREATE INDEX wagraph_signups_tenant ON wagraph_signups (tenant, id);

CREATE INDEX wagraph_signups_state ON wagraph_signups (state, id);

CREATE INDEX wagraph_signups_business ON wagraph_signups (business, id);

CREATE INDEX wagraph_signups_due ON wagraph_signups (due, id) WHERE due IS NOT NULL;

CREATE TABLE wagraph_secrets (
	tenant   {text}   NOT NULL,
	record   {text}   NOT NULL,
	kind     {text}   NOT NULL,
	subject  {text}   NOT NULL,
	expires  TEXT     NOT NULL,
	seal_key {text}   NOT NULL,
	revision BIGINT   NOT NULL,
	data     {bytes}  NOT NULL,
	PRIMARY KEY (tenant, record, kind, subject)
);
