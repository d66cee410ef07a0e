#ifndef CUTOVER_LIMITS_H
#define CUTOVER_LIMITS_H
/*
 * Every ceiling of the program in one place, with its unit.
 * No buffer without a ceiling, no wait without a deadline, no loop without a bound.
 */
enum {
	/* waits */
	LIMIT_CONNECT_MS = 15000,  /* one connection, as the migration service: "timed out after 00:00:15" */
	LIMIT_DNS_TRY_MS = 5000,   /* one DNS try */
	LIMIT_DNS_TRIES = 2,       /* tries of one DNS question over one transport */
	LIMIT_DNS_PATIENCE_MS = 300, /* silence of one resolver before the next one is asked, too */
	LIMIT_IDENTITY_MS = 200,   /* for who a DNS server is, behind its other answers */
	LIMIT_QUIET_MS = 700,      /* how long `port` listens for a reset or a greeting after connect */
	LIMIT_SILENCE_MS = 3000,   /* silence of a clear-text port before TLS is tried, too; a third of the timeout at most */
	LIMIT_SESSION_WAITS = 3,   /* a whole dialogue may take that many connection timeouts */
	LIMIT_OFFER_PAUSE_MS = 100, /* --deep: between two handshakes with one address */
	LIMIT_OFFERS_MS = 60000,   /* all of them */
	LIMIT_CLOSE_MS = 1000,     /* grace for LOGOUT and close_notify */
	LIMIT_JOB_MS = 600000,     /* one job as a whole, whatever its own deadlines say */

	/* what a stranger may send */
	LIMIT_LINE_BYTES = 8192,       /* one IMAP or SMTP line; RFC 7162 4 asks for at least 8192 of clients */
	LIMIT_REPLY_BYTES = 65536,     /* one whole reply, literals included */
	LIMIT_TRANSCRIPT_LINES = 200,  /* dialogue rows kept with one observation */
	LIMIT_TRANSCRIPT_BYTES = 1024, /* of one such row */
	LIMIT_FACT_BYTES = 65536,      /* one fact's text */
	LIMIT_FACTS = 8192,            /* facts of one observation */
	LIMIT_ISSUER_BYTES = 65536,    /* what an AIA address may send: a certificate or a PKCS #7 bag of them */
	LIMIT_ISSUER_CERTS = 32,       /* certificates in it that are looked at */
	LIMIT_ISSUER_HOPS = 3,         /* redirects on the way there */
	LIMIT_ISSUER_DEPTH = 4,        /* certificates added to one chain, each at the address in the one before it */
	LIMIT_ISSUERS = 4,             /* incomplete chains of one port for which that is tried */
	LIMIT_CHAIN_CERTS = 16,        /* certificates of a chain that are looked at */
	LIMIT_CAPABILITIES = 256,      /* entries of one CAPABILITY list that are kept */
	LIMIT_SAN_NAMES = 100,         /* names of one certificate that are kept */

	/* what is asked */
	LIMIT_ADDRESSES = 32,     /* addresses of one name */
	LIMIT_NAME_SERVERS = 16,  /* authoritative server names of one zone */
	LIMIT_SERVER_ADDRESSES = 32, /* addresses of authoritative servers of one zone */
	LIMIT_MX_HOSTS = 20,      /* MX hosts whose addresses are looked up */
	LIMIT_CNAME_CHAIN = 8,    /* aliases followed */
	LIMIT_SPF_QUESTIONS = 200, /* DNS questions of one SPF tree */
	LIMIT_RESOLVERS = 32,     /* recursive resolvers of --resolver */
	LIMIT_LISTED_RESOLVERS = 100000, /* resolvers of --resolvers */
	LIMIT_SINCE_RECORDINGS = 32, /* recordings of one domain that --since looks at, the newest */
	LIMIT_CACHE_NAMES = 6,    /* names that hang on the MX set, asked of each of them */
	LIMIT_CACHE_SAMPLES = 16, /* MX questions to each of them, --samples */
	LIMIT_DNS_MEMO = 1024,    /* DNS questions of a run whose answers are kept for others who ask the same */
	LIMIT_DNS_CHANNELS = 128, /* DNS servers with an open channel */
	LIMIT_PLAN = 100,         /* probes planned for one migration, leads included */
	LIMIT_JOBS = 64,          /* probes under way, -j */
	LIMIT_PER_HOST = 4,       /* connections under way to one address */
	LIMIT_RATE = 200,         /* new connections or queries a second, --rate */

	/* what is shown */
	LIMIT_SHOWN_ALIKE = 20, /* findings of one id and subject in text; the rest is counted, JSON has all */

	/* what is signed in to */
	LIMIT_CONNECTIONS = 100,     /* --connections: the most that an endpoint may open */
	LIMIT_RAMP_MS = 50,          /* between two connections of a ramp */
	LIMIT_HOLD_MS = 500,         /* how long all of them are held */
	LIMIT_SETTLE_MS = 1500,      /* before a ramp: connections closed just before are forgotten by the server */
	LIMIT_LOGIN_MS = 60000,      /* one answer to LOGIN: servers delay the refusal of a wrong password */
	LIMIT_LOGIN_AT_ONCE = 5,     /* sign-ins at once, unless --jobs says otherwise */
	LIMIT_LOGIN_JOBS = 50,       /* most of them */
	LIMIT_LOGIN_RATE = 1000,     /* most of them that may begin in a second, --rate: for a server of one's own */
	LIMIT_LOGIN_ROWS = 100000,   /* rows of one file */
	LIMIT_LOGIN_TRANSCRIPTS = 200, /* sign-ins whose dialogue is kept when they are good */
	LIMIT_LOGIN_UNTRIED = 2000,  /* rows not tried that are listed; all are counted */
	LIMIT_MAILBOX_MS = 600000,   /* the walk through one mailbox */
	LIMIT_MAILBOX_ANSWER_MS = 60000, /* between two replies in it */
	LIMIT_FOLDERS = 100000,      /* folders of one mailbox */
	LIMIT_FOLDER_BYTES = 16 * 1024 * 1024, /* their names in all */
	LIMIT_FETCH_BATCH = 1000,    /* messages whose size one command asks for */
	LIMIT_MAILBOX_LISTED = 50,   /* folders or messages that are named; all are counted */
	LIMIT_MESSAGE_BYTES = 35 * 1024 * 1024, /* Microsoft's "35 MB": the largest message that moves */
	LIMIT_SAMPLES = 3,           /* mailboxes whose mail is read for the rate */
	LIMIT_SAMPLE_MS = 5000,      /* how long, in one of them */
	LIMIT_SAMPLE_BYTES = 8 * 1024 * 1024, /* and how much */
	LIMIT_SAMPLE_BATCH = 20,     /* messages of one command */
	LIMIT_SAMPLE_PART_BYTES = 49152, /* of one message: below LIMIT_REPLY_BYTES */

	/* files */
	LIMIT_RECORDING_BYTES = 256 * 1024 * 1024, /* one recording read by `judge` */
	LIMIT_RECORDING_LINE_BYTES = 64 * 1024 * 1024, /* one migration in it */
	LIMIT_RANGES_BYTES = 4 * 1024 * 1024, /* Microsoft's list of ranges, from its web service */
	LIMIT_RULES_BYTES = 32 * 1024 * 1024, /* one file of firewall rules or ranges */
	LIMIT_RULE_NOTES = 100,    /* places named that were not understood */
	LIMIT_RULE_STEPS = 500000, /* rules looked at for one port: jumps can multiply them; large sets count several times */
	LIMIT_RULE_DEPTH = 16,     /* chains that call each other, as in the kernel (NFT_JUMP_STACK_SIZE) */
	LIMIT_RULE_EVENTS = 2000,  /* decisions that are kept to explain a verdict */
	LIMIT_CSV_READ_BYTES = 64 * 1024 * 1024, /* a CSV file beyond this is judged by its size alone */
	LIMIT_CSV_ROW_BYTES = 65536,             /* one row of it; beyond, a quote was forgotten */
	LIMIT_CSV_COLUMNS = 256,                 /* fields of one row that are looked at */
	LIMIT_CSV_FAULTS = 1000,                 /* faults of one kind that are kept; all are counted */
	LIMIT_CSV_FAULTS_ALL = 3000,             /* of all kinds together, though LIMIT_SHOWN_ALIKE of each in any case */
	LIMIT_CSV_COMPARED_BYTES = 8 * 1024 * 1024, /* addresses, and user names, that are compared for duplicates */
	LIMIT_CSV_BATCHES = 1000,                /* files that --split writes */
};

#endif
