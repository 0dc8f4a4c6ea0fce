import { nearestName } from "../../core/nearest-name.ts";
import { phrase, type Phrase } from "../../core/words.ts";

/** Where to connect and as whom, and how it is encrypted: what a mistyped name most likely means. */
const everyday: readonly string[] = [
  "host",
  "port",
  "dbname",
  "user",
  "password",
  "sslmode",
  "sslrootcert",
  "sslcert",
  "sslkey",
  "service",
  "hostaddr",
  // Of JDBC and others: readSslMode takes it for sslmode.
  "ssl",
];

/** libpq's others, up to 18. */
const further: readonly string[] = [
  "application_name",
  "channel_binding",
  "client_encoding",
  "connect_timeout",
  "fallback_application_name",
  "gssdelegation",
  "gssencmode",
  "gsslib",
  "keepalives",
  "keepalives_count",
  "keepalives_idle",
  "keepalives_interval",
  "krbsrvname",
  "load_balance_hosts",
  "max_protocol_version",
  "min_protocol_version",
  "oauth_client_id",
  "oauth_client_secret",
  "oauth_issuer",
  "oauth_scope",
  "options",
  "passfile",
  "replication",
  "require_auth",
  "requirepeer",
  "scram_client_key",
  "scram_server_key",
  "servicefile",
  "ssl_max_protocol_version",
  "ssl_min_protocol_version",
  "sslcertmode",
  "sslcompression",
  "sslcrl",
  "sslcrldir",
  "sslkeylogfile",
  "sslnegotiation",
  "sslpassword",
  "sslsni",
  "target_session_attrs",
  "tcp_user_timeout",
];

const libpq: readonly string[] = [...everyday, ...further];

/**
 * What other drivers and poolers take in their URLs and what changes neither where one connects nor whom one trusts:
 * pools, caches, timeouts, names of schemas. JDBC's and node-postgres' come as people paste them from their projects.
 */
const ofOtherDrivers: ReadonlySet<string> = new Set(
  `schema connection_limit pool_timeout socket_timeout pgbouncer sslidentity statement_cache_size
  single_use_connections
  ApplicationName currentSchema loginTimeout connectTimeout socketTimeout cancelSignalTimeout tcpKeepAlive tcpNoDelay
  prepareThreshold preparedStatementCacheQueries preparedStatementCacheSizeMiB defaultRowFetchSize binaryTransfer
  binaryTransferEnable binaryTransferDisable databaseMetadataCacheFields databaseMetadataCacheFieldsMiB
  reWriteBatchedInserts readOnly readOnlyMode stringtype targetServerType hostRecheckSeconds loadBalanceHosts
  assumeMinServerVersion autosave cleanupSavepoints allowEncodingChanges logUnclosedConnections loggerLevel loggerFile
  logServerErrorDetail sslfactory sslfactoryarg sslhostnameverifier sslpasswordcallback sslResponseTimeout
  sendBufferSize receiveBufferSize maxResultBuffer maxSendBufferSize unknownLength disableColumnSanitiser
  escapeSyntaxCallMode gssResponseTimeout jaasApplicationName jaasLogin kerberosServerName useSpnego
  sspiServiceClass quoteReturningIdentifiers preferQueryMode adaptiveFetch adaptiveFetchMinimum
  adaptiveFetchMaximum groupStartupParameters socketFactory socketFactoryArg authenticationPluginClassName
  localSocketAddress hideUnprivilegedObjects
  encoding statement_timeout query_timeout lock_timeout idle_in_transaction_session_timeout uselibpqcompat keepAlive
  keepAliveInitialDelayMillis connectionTimeoutMillis max min idle_timeout max_lifetime prepare
  command_timeout prepared_statement_cache_size prepared_statement_name_func server_settings async_fallback
  pool_max_conns pool_min_conns pool_min_idle_conns pool_max_conn_lifetime pool_max_conn_lifetime_jitter
  pool_max_conn_idle_time pool_health_check_period default_query_exec_mode statement_cache_capacity
  description_cache_capacity statement-cache-capacity search_path timezone TimeZone
  pool pool_size timeout prepared_statements advisory_locks reaping_frequency checkout_timeout schema_search_path
  min_messages conn_max_age conn_health_checks serverVersion charset supa workaround`.split(
    /\s+/,
  ),
);

/** Which names a text may use: a URL also those of other drivers. */
export type KeywordForm = "url" | "keywords";

/**
 * Why the names cannot be used; undefined when all are known. A mistyped one must not pass silently: `sslmod=require`
 * would connect without encryption. Only names are repeated, never values.
 */
export function refuseUnknown(
  names: readonly string[],
  form: KeywordForm,
): Phrase | undefined {
  const isKnown = (name: string): boolean =>
    libpq.includes(name) || (form === "url" && ofOtherDrivers.has(name));
  const unknown = names.find((name) => !isKnown(name));
  if (unknown === undefined) return undefined;
  // The end of a password that was not escaped.
  if (!/^[\w.-]+$/.test(unknown))
    return phrase(
      "the URL has a ? or & that no parameter follows; within a password write them as %3F and %26",
    );
  const meant = nearestName(unknown, everyday) ?? nearestName(unknown, further);
  return meant === undefined
    ? phrase(
        'there is no connection parameter "{0}"; leave it out, or use {1}',
        unknown,
        everyday.join(", "),
      )
    : phrase(
        'there is no connection parameter "{0}"; write {1} if that is meant, or leave it out',
        unknown,
        meant,
      );
}
