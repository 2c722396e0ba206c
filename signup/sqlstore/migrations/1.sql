CREATE TABLE wagraph_signups (
	id         {text}   NOT NULL PRIMARY KEY,
	tenant     {text}   NOT NULL,
	app        {text}   NOT NULL,
	begun_with {text}   NOT NULL,
	session    {text}   NOT NULL,
	revision   BIGINT   NOT NULL,
	state      {text}   NOT NULL,
	due        BIGINT,
	deadline   BIGINT,
	objects    TEXT     NOT NULL,
	data       TEXT     NOT NULL,
	UNIQUE (app, begun_with)
);

CREATE UNIQUE INDEX wagraph_signups_session ON wagraph_signups (session, app) WHERE session <> '';

CREATE INDEX wagraph_signups_tenant ON wagraph_signups (tenant, id);

CREATE INDEX wagraph_signups_state ON wagraph_signups (state, id);

CREATE INDEX wagraph_signups_due ON wagraph_signups (due, id) WHERE due IS NOT NULL;

CREATE INDEX wagraph_signups_deadline ON wagraph_signups (deadline, id) WHERE deadline IS NOT NULL;

CREATE TABLE wagraph_objects (
	kind   {text} NOT NULL,
	object {text} NOT NULL,
	record {text} NOT NULL,
	tenant {text} NOT NULL,
	PRIMARY KEY (kind, object, record)
);

CREATE INDEX wagraph_objects_record ON wagraph_objects (tenant, record);

CREATE TABLE wagraph_leases (
	kind       {text} NOT NULL,
	object     {text} NOT NULL,
	owner      {text} NOT NULL,
	token      {text} NOT NULL,
	held_until BIGINT NOT NULL,
	PRIMARY KEY (kind, object)
);

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
